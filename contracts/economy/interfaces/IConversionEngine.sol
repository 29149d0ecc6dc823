// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Bps} from "../../shared/Bps.sol";
import {Permit} from "../../shared/Permit.sol";
import {RoleId} from "../../shared/RoleId.sol";

/// @title Conversion engine: OCTO into role tokens and back
/// @notice Sells a role's token at the ask, buys it at the bid, and turns one role's token into another's. Each role has a
/// reserve of its own: OCTO held here and mint budget that the vault has earmarked for its work.
/// @dev Every role token is covered by at least 1 OCTO, and no swap lowers what covers it, so nobody gains by being first
/// out. How rates are made is said in {Conversion}. All views answer as of now: as if the role had just been poked.
interface IConversionEngine {
    /// @notice Role tokens were bought.
    /// @param buyer Who paid.
    /// @param role The role.
    /// @param octoIn Paid into the role's reserve, in wei of OCTO.
    /// @param roleOut Minted to the buyer, in wei of the role's token.
    event RoleTokensBought(address indexed buyer, RoleId indexed role, uint256 octoIn, uint256 roleOut);

    /// @notice Role tokens were sold.
    /// @param seller Who sold.
    /// @param role The role.
    /// @param roleIn Burned, in wei of the role's token.
    /// @param octoOut To the seller, in wei of OCTO.
    /// @param fee Burned, in wei of OCTO.
    event RoleTokensSold(address indexed seller, RoleId indexed role, uint256 roleIn, uint256 octoOut, uint256 fee);

    /// @notice One role's tokens were turned into another's.
    /// @param account Whose they were and are.
    /// @param from The role that was left.
    /// @param to The role that was entered.
    /// @param roleIn Burned, in wei of the token that was left.
    /// @param octoMoved From one reserve to the other, in wei of OCTO.
    /// @param fee Burned, in wei of OCTO.
    /// @param roleOut Minted, in wei of the token that was entered.
    event RoleTokensSwapped(
        address indexed account,
        RoleId indexed from,
        RoleId indexed to,
        uint256 roleIn,
        uint256 octoMoved,
        uint256 fee,
        uint256 roleOut
    );

    /// @notice An epoch began for a role.
    /// @param role The role.
    /// @param epoch The epoch's number since genesis, from 0.
    /// @param policy The policy in it, 1e18 for one.
    /// @param givenBack Earmarks that returned to the mint budget, in wei of OCTO.
    /// @param released What was held and went to the treasury, in wei of OCTO.
    event ReserveEpochBegun(
        RoleId indexed role,
        uint256 indexed epoch,
        uint256 policy,
        uint256 givenBack,
        uint256 released
    );

    /// @notice The treasury added to a reserve.
    /// @param role The role.
    /// @param amount In wei of OCTO.
    event ReserveAddedTo(RoleId indexed role, uint256 amount);

    /// @notice The spread changed.
    /// @param previous Before.
    /// @param spread From now on.
    event SpreadSet(Bps previous, Bps spread);

    /// @notice The part of a reserve that may be paid out in an epoch changed.
    /// @param previous Before.
    /// @param share In the epochs that begin from now on.
    event PayOutShareSet(Bps previous, Bps share);

    /// @notice What any reserve may pay out in an epoch changed.
    /// @param previous Before, in wei of OCTO.
    /// @param amount In the epochs that begin from now on, in wei of OCTO.
    event PayOutFloorSet(uint256 previous, uint256 amount);

    /// @notice No such role.
    /// @param role What was asked for.
    error ConversionEngineUnknownRole(RoleId role);

    /// @notice A role's tokens cannot be turned into themselves.
    /// @param role The role.
    error ConversionEngineSameRole(RoleId role);

    /// @notice The purchase is below the smallest one.
    /// @param roleOut What it would bring, in wei of the role's token.
    /// @param least The least it must bring, in wei of the role's token.
    error ConversionEnginePurchaseTooSmall(uint256 roleOut, uint256 least);

    /// @notice The sale is below the smallest one, and not everything the seller has.
    /// @param role The role that would be left.
    /// @param roleIn What was to be sold, in wei of the role's token.
    /// @param least The least that can be, in wei of the role's token.
    error ConversionEngineSaleTooSmall(RoleId role, uint256 roleIn, uint256 least);

    /// @notice The swap would bring less than its caller asked for.
    /// @param out What it would bring, in wei of the token received.
    /// @param minOut What was asked for, in wei of the token received.
    error ConversionEngineOutputTooSmall(uint256 out, uint256 minOut);

    /// @notice The caller's deadline has passed.
    /// @param timestamp Now, Unix seconds.
    /// @param deadline The last second allowed, Unix seconds.
    error ConversionEngineDeadlinePassed(uint256 timestamp, uint256 deadline);

    /// @notice The role has paid out too much in this epoch; the next one brings a new limit.
    /// @param role The role.
    /// @param amount What the swap would take out, its fee included, in wei of OCTO.
    /// @param left What may still be paid out, in wei of OCTO.
    error ConversionEnginePayOutTooLarge(RoleId role, uint256 amount, uint256 left);

    /// @notice More than all OCTO there can be.
    /// @param amount What the reserve would hold, in wei of OCTO.
    /// @param limit The most it may, in wei of OCTO.
    error ConversionEngineAmountTooLarge(uint256 amount, uint256 limit);

    /// @notice Only the treasury adds to a reserve without receiving role tokens.
    /// @param caller Who called.
    /// @param treasury Who may.
    error ConversionEngineCallerNotTreasury(address caller, address treasury);

    /// @notice The treasury would add more than an epoch allows.
    /// @param role The role.
    /// @param amount What was to be added, in wei of OCTO.
    /// @param left What may still be added in this epoch, in wei of OCTO.
    error ConversionEngineAdditionTooLarge(RoleId role, uint256 amount, uint256 left);

    /// @notice A parameter is outside its constant bounds.
    /// @param value What was asked for, in the parameter's unit.
    /// @param least The least it may be.
    /// @param most The most it may be.
    error ConversionEngineParameterOutOfBounds(uint256 value, uint256 least, uint256 most);

    /// @notice Buys role tokens at the ask, out of the caller's allowance to this contract.
    /// @param role The role.
    /// @param octoIn What to pay, in wei of OCTO.
    /// @param minOut The least to receive, in wei of the role's token.
    /// @param deadline The last second allowed, Unix seconds.
    /// @return roleOut What was minted to the caller, in wei of the role's token; at least 1 role token.
    function buy(RoleId role, uint128 octoIn, uint128 minOut, uint256 deadline) external returns (uint256 roleOut);

    /// @notice As {buy}, with an ERC-2612 permit.
    /// @param role The role.
    /// @param octoIn What to pay, in wei of OCTO.
    /// @param minOut The least to receive, in wei of the role's token.
    /// @param deadline The last second allowed, Unix seconds.
    /// @param permit For OCTO.
    /// @return roleOut What was minted to the caller, in wei of the role's token; at least 1 role token.
    function buyWithPermit(
        RoleId role,
        uint128 octoIn,
        uint128 minOut,
        uint256 deadline,
        Permit calldata permit
    ) external returns (uint256 roleOut);

    /// @notice Sells the caller's role tokens at the bid: burns them, and pays out of what is held, then out of the earmark.
    /// @dev No allowance is needed. 5 % of what the tokens beyond the caller's own earnings are worth are burned.
    /// @param role The role.
    /// @param roleIn What to sell, in wei of the role's token; at least 100 role tokens, or all that the caller has.
    /// @param minOut The least to receive, in wei of OCTO.
    /// @param deadline The last second allowed, Unix seconds.
    /// @return octoOut What the caller received, in wei of OCTO.
    function sell(RoleId role, uint128 roleIn, uint128 minOut, uint256 deadline) external returns (uint256 octoOut);

    /// @notice Turns the caller's tokens of one role into tokens of another: sold at the one's bid, bought at the other's
    /// ask.
    /// @dev What they are worth moves from reserve to reserve, what is held first; earmarks move as they are, unminted. The
    /// fee is that of {sell}.
    /// @param from The role to leave.
    /// @param to The role to enter.
    /// @param roleIn What to sell, in wei of the token to leave; at least 100, or all that the caller has.
    /// @param minOut The least to receive, in wei of the token to enter.
    /// @param deadline The last second allowed, Unix seconds.
    /// @return roleOut What was minted to the caller, in wei of the token to enter; at least 1.
    function swap(
        RoleId from,
        RoleId to,
        uint128 roleIn,
        uint128 minOut,
        uint256 deadline
    ) external returns (uint256 roleOut);

    /// @notice Begins the epoch for a role, if no swap has: moves the policy, burns slashed role tokens with their share, and
    /// lets the reserve's surplus go. Anyone.
    /// @dev What the reserve has beyond 3.0 OCTO a role token leaves: earmarks to the mint budget, then what is held to the
    /// treasury. Catches up with the epochs that were missed, at most the last 26.
    /// @param role The role.
    function poke(RoleId role) external;

    /// @notice Adds to a role's reserve, out of the treasury's allowance to this contract. The treasury only.
    /// @param role The role.
    /// @param amount In wei of OCTO; in an epoch at most half the spread of what the reserve began it with: 1 % of it.
    function addToReserve(RoleId role, uint128 amount) external;

    /// @notice Sets what a buyer pays above the rate.
    /// @dev Restricted to PARAMETER_ACCESS.
    /// @param spread 50 to 200 basis points.
    function setSpread(Bps spread) external;

    /// @notice Sets the part of a reserve that may be paid out in an epoch. Epochs that have begun keep their limit.
    /// @dev Restricted to PARAMETER_ACCESS.
    /// @param share 100 to 2,000 basis points.
    function setPayOutShare(Bps share) external;

    /// @notice Sets what any reserve may pay out in an epoch, however small it is. Epochs that have begun keep their limit.
    /// @dev Restricted to PARAMETER_ACCESS.
    /// @param amount In wei of OCTO; 1,000 to 1,000,000 OCTO.
    function setPayOutFloor(uint128 amount) external;

    /// @notice What a purchase brings now.
    /// @dev octoIn / ask, rounded down in the reserve's favour.
    /// @param role The role.
    /// @param octoIn What would be paid, in wei of OCTO.
    /// @return roleOut In wei of the role's token.
    function quote(RoleId role, uint256 octoIn) external view returns (uint256 roleOut);

    /// @notice What a purchase of exactly this much costs now.
    /// @dev roleOut x ask, rounded up in the reserve's favour.
    /// @param role The role.
    /// @param roleOut What would be received, in wei of the role's token.
    /// @return octoIn In wei of OCTO.
    function quoteExactOut(RoleId role, uint256 roleOut) external view returns (uint256 octoIn);

    /// @notice What a sale brings now; whether the limits allow it is not asked ({limitsOf}).
    /// @param account Who would sell.
    /// @param role The role.
    /// @param roleIn What would be sold, in wei of the role's token.
    /// @return octoOut To the seller, in wei of OCTO.
    /// @return fee Burned, in wei of OCTO.
    function quoteSell(
        address account,
        RoleId role,
        uint256 roleIn
    ) external view returns (uint256 octoOut, uint256 fee);

    /// @notice What turning one role's tokens into another's brings now; whether the limits allow it is not asked.
    /// @param account Who would do it.
    /// @param from The role to leave.
    /// @param to The role to enter.
    /// @param roleIn What would be sold, in wei of the token to leave.
    /// @return roleOut In wei of the token to enter.
    /// @return fee Burned, in wei of OCTO.
    function quoteSwap(
        address account,
        RoleId from,
        RoleId to,
        uint256 roleIn
    ) external view returns (uint256 roleOut, uint256 fee);

    /// @notice The rate of the policy, which moves once an epoch.
    /// @param role The role.
    /// @return OCTO a role token, 1e18 for one.
    function policyOf(RoleId role) external view returns (uint256);

    /// @notice What backs a role token.
    /// @param role The role.
    /// @return OCTO a role token, 1e18 for one, rounded down; 1e18 if there is none.
    function coverageOf(RoleId role) external view returns (uint256);

    /// @notice What a role token is bought back at: the lower of policy and coverage.
    /// @param role The role.
    /// @return OCTO a role token, 1e18 for one.
    function bidOf(RoleId role) external view returns (uint256);

    /// @notice The price of a role token: the higher of policy and coverage, which counts at most 3.0, plus the spread.
    /// @param role The role.
    /// @return OCTO a role token, 1e18 for one.
    function askOf(RoleId role) external view returns (uint256);

    /// @notice A role's reserve.
    /// @param role The role.
    /// @return held Here, in wei of OCTO.
    /// @return earmarked Mint budget, in wei of OCTO.
    function reserveOf(RoleId role) external view returns (uint256 held, uint256 earmarked);

    /// @notice The OCTO held for a role as booked: with the surplus that leaves with the epoch's first touch.
    /// @param role The role.
    /// @return In wei of OCTO.
    function heldOf(RoleId role) external view returns (uint256);

    /// @notice What bounds a sale of an account's now.
    /// @param account The account.
    /// @param role The role.
    /// @return payOutLeft What the role may still pay out in this epoch, in wei of OCTO.
    /// @return earningsLeft What the account can sell without fee, in wei of the role's token.
    /// @return smallestSale The least it can sell, in wei of the role's token.
    function limitsOf(
        address account,
        RoleId role
    ) external view returns (uint256 payOutLeft, uint256 earningsLeft, uint256 smallestSale);

    /// @notice What the treasury may still add to a reserve in this epoch.
    /// @param role The role.
    /// @return In wei of OCTO.
    function addableTo(RoleId role) external view returns (uint256);

    /// @notice What governance has set.
    /// @return spread What a buyer pays above the rate.
    /// @return payOutShare The part of a reserve that may be paid out in an epoch.
    /// @return payOutFloor What any reserve may pay out in an epoch, in wei of OCTO.
    function parameters() external view returns (Bps spread, Bps payOutShare, uint128 payOutFloor);

    /// @notice The factory of the role tokens.
    /// @return Its address.
    function roleTokens() external view returns (address);

    /// @notice The vault, which keeps the earmarks.
    /// @return Its address.
    function vault() external view returns (address);
}
