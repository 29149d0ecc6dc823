// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Bps} from "../shared/Bps.sol";
import {Permit} from "../shared/Permit.sol";
import {RoleId} from "../shared/RoleId.sol";
import {IOctoToken} from "../tokens/interfaces/IOctoToken.sol";
import {IRoleToken} from "../tokens/interfaces/IRoleToken.sol";
import {IRoleTokenFactory} from "../tokens/interfaces/IRoleTokenFactory.sol";
import {RoleTokenAddress} from "../tokens/libraries/RoleTokenAddress.sol";
import {IConversionEngine} from "./interfaces/IConversionEngine.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {Conversion} from "./libraries/Conversion.sol";
import {Reserves} from "./libraries/Reserves.sol";
import {RoleBooks} from "./libraries/RoleBooks.sol";
import {Reserve, ReserveBook, ReserveEpoch, ReserveRow, Sale} from "./types/Reserve.sol";

/// @title Conversion engine: OCTO into role tokens and back
/// @dev Invariant C-1: OCTO held here = sum of what is held for the roles (+ donations); no reserve is another's.
/// @dev Invariant C-2: no swap lowers a role's coverage, unless from above 3.0, and then not below 3.0; it is never below
/// 1.0.
/// @dev Invariant C-3: all OCTO that swaps ever took out is at most what swaps, work and the treasury put in.
/// @dev Invariant C-4: a policy moves once an epoch, by at most a tenth of itself, and by finished epochs alone; when it is
/// called for changes nothing.
/// @dev Invariant C-5: in an epoch a role pays out, net of what is paid in, at most what the epoch began with as its limit.
/// @dev Invariant C-6: an account sells without fee at most what it has earned.
/// @dev Invariant C-7: nobody's tokens are sold but by his own call.
///
/// A role's reserve is what is held here for it and what the vault has earmarked for it. A function loads it as it is now
/// ({_reserveOf}), changes it in memory ({Reserves}), writes it back and only then calls anybody; views do the first half of
/// the same. OCTO, role tokens and the vault are our own and call nobody back, so their calls stand bare and unguarded.
/// A settlement never calls here, and no donation of OCTO counts, so nothing but swaps moves a rate within an epoch, besides
/// work and burned role tokens, which move the coverage alone. Role tokens that lie here were surrendered, slashed ones
/// above all: an epoch begins with burning them together with their share.
contract ConversionEngine is IConversionEngine, AccessManagedUpgradeable, UUPSUpgradeable {
    using Reserves for Reserve;

    uint256 private constant SMALLEST_PURCHASE = 1e18;
    uint256 private constant SMALLEST_SALE = 100e18;
    /// @dev A role that nobody touched for longer forgets what came before.
    uint256 private constant MOST_STEPS = 26;

    uint16 private constant LEAST_SPREAD = 50;
    /// @dev As the wash-trading law takes it.
    uint16 private constant MOST_SPREAD = 2_00;
    uint16 private constant LEAST_PAY_OUT_SHARE = 1_00;
    uint16 private constant MOST_PAY_OUT_SHARE = 20_00;
    uint256 private constant LEAST_PAY_OUT_FLOOR = 1_000e18;
    uint256 private constant MOST_PAY_OUT_FLOOR = 1_000_000e18;

    /// @dev What governance sets. One slot.
    struct Parameters {
        Bps spread;
        Bps payOutShare;
        uint128 payOutFloor;
    }

    /// @custom:storage-location erc7201:cipherocto.storage.ConversionEngine
    struct ConversionEngineStorage {
        mapping(RoleId role => ReserveBook book) books;
        Parameters parameters;
    }

    // keccak256(abi.encode(uint256(keccak256("cipherocto.storage.ConversionEngine")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0xdac871c15cb7962a6801df1e2226a1b4f15003a4bffdf562e0ea7e8bf60a8500;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IOctoToken private immutable OCTO;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IRoleTokenFactory private immutable ROLE_TOKENS;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    ISettlement private immutable VAULT;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    uint256 private immutable GENESIS_AT;

    modifier inTime(uint256 deadline) {
        require(block.timestamp <= deadline, ConversionEngineDeadlinePassed(block.timestamp, deadline));
        _;
    }

    /// @param octo The OCTO token.
    /// @param roleTokens_ The factory of the role tokens.
    /// @param vault_ The vault, which keeps the earmarks.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IOctoToken octo, IRoleTokenFactory roleTokens_, ISettlement vault_) {
        OCTO = octo;
        ROLE_TOKENS = roleTokens_;
        VAULT = vault_;
        GENESIS_AT = octo.genesisAt();
        _disableInitializers();
    }

    /// @notice Sets who administers this contract, and the parameters of genesis.
    /// @param authority The AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
        _storage().parameters = Parameters({
            spread: Bps.wrap(MOST_SPREAD),
            payOutShare: Bps.wrap(5_00),
            payOutFloor: 10_000e18
        });
    }

    // Swaps

    /// @inheritdoc IConversionEngine
    function buy(
        RoleId role,
        uint128 octoIn,
        uint128 minOut,
        uint256 deadline
    ) external inTime(deadline) returns (uint256 roleOut) {
        return _buy(role, octoIn, minOut);
    }

    /// @inheritdoc IConversionEngine
    function buyWithPermit(
        RoleId role,
        uint128 octoIn,
        uint128 minOut,
        uint256 deadline,
        Permit calldata permit
    ) external inTime(deadline) returns (uint256 roleOut) {
        permit.tryUse(OCTO, msg.sender);

        return _buy(role, octoIn, minOut);
    }

    /// @inheritdoc IConversionEngine
    function sell(
        RoleId role,
        uint128 roleIn,
        uint128 minOut,
        uint256 deadline
    ) external inTime(deadline) returns (uint256 octoOut) {
        Reserve memory reserve = _reserveOf(role);
        Sale memory due = _ownSale(reserve, role, roleIn);
        octoOut = due.octoOut;
        require(octoOut >= minOut, ConversionEngineOutputTooSmall(octoOut, minOut));

        uint256 value = octoOut + due.fee;
        uint256 drawn = value - reserve.take(value);
        _write(role, reserve);
        emit RoleTokensSold(msg.sender, role, roleIn, octoOut, due.fee);

        reserve.token.burnSold(msg.sender, roleIn);
        _release(role, reserve);
        _mintDrawn(role, drawn);
        OCTO.transfer(msg.sender, octoOut);
        _burn(due.fee);
    }

    /// @inheritdoc IConversionEngine
    function swap(
        RoleId from,
        RoleId to,
        uint128 roleIn,
        uint128 minOut,
        uint256 deadline
    ) external inTime(deadline) returns (uint256 roleOut) {
        require(!(from == to), ConversionEngineSameRole(from));
        (Reserve memory source, Reserve memory destination) = (_reserveOf(from), _reserveOf(to));
        Sale memory due = _ownSale(source, from, roleIn);
        roleOut = destination.bought(due.octoOut, _storage().parameters.spread);
        _requireOutput(roleOut, minOut);

        uint256 held = source.take(due.octoOut);
        uint256 moved = due.octoOut - held;
        uint256 drawn = due.fee - source.take(due.fee);
        destination.put(held, moved);
        _write(from, source);
        _write(to, destination);
        emit RoleTokensSwapped(msg.sender, from, to, roleIn, due.octoOut, due.fee, roleOut);

        source.token.burnSold(msg.sender, roleIn);
        _release(from, source);
        _release(to, destination);
        if (moved != 0) VAULT.moveEarmark(from, to, uint128(moved)); // at most the earmark
        _mintDrawn(from, drawn);
        _burn(due.fee);
        destination.token.mint(msg.sender, roleOut);
    }

    // Everybody

    /// @inheritdoc IConversionEngine
    function poke(RoleId role) external {
        Reserve memory reserve = _reserveOf(role);
        if (!reserve.begins) return;

        _write(role, reserve);
        _release(role, reserve);
    }

    // The treasury

    /// @inheritdoc IConversionEngine
    function addToReserve(RoleId role, uint128 amount) external {
        address treasury = VAULT.treasury();
        require(msg.sender == treasury, ConversionEngineCallerNotTreasury(msg.sender, treasury));
        Reserve memory reserve = _reserveOf(role);
        uint256 room = _addable(role, reserve);
        require(amount <= room, ConversionEngineAdditionTooLarge(role, amount, room));

        reserve.held += amount;
        _write(role, reserve);
        _storage().books[role].epoch.added += uint96(amount); // at most the room
        emit ReserveAddedTo(role, amount);

        _release(role, reserve);
        OCTO.transferFrom(msg.sender, address(this), amount);
    }

    // Administration

    /// @inheritdoc IConversionEngine
    function setSpread(Bps spread) external restricted {
        _requireWithin(spread.toUint(), LEAST_SPREAD, MOST_SPREAD);
        Parameters storage set = _storage().parameters;
        emit SpreadSet(set.spread, spread);
        set.spread = spread;
    }

    /// @inheritdoc IConversionEngine
    function setPayOutShare(Bps share) external restricted {
        _requireWithin(share.toUint(), LEAST_PAY_OUT_SHARE, MOST_PAY_OUT_SHARE);
        Parameters storage set = _storage().parameters;
        emit PayOutShareSet(set.payOutShare, share);
        set.payOutShare = share;
    }

    /// @inheritdoc IConversionEngine
    function setPayOutFloor(uint128 amount) external restricted {
        _requireWithin(amount, LEAST_PAY_OUT_FLOOR, MOST_PAY_OUT_FLOOR);
        Parameters storage set = _storage().parameters;
        emit PayOutFloorSet(set.payOutFloor, amount);
        set.payOutFloor = amount;
    }

    // Views

    /// @inheritdoc IConversionEngine
    function quote(RoleId role, uint256 octoIn) external view returns (uint256 roleOut) {
        return _reserveOf(role).bought(octoIn, _storage().parameters.spread);
    }

    /// @inheritdoc IConversionEngine
    function quoteExactOut(RoleId role, uint256 roleOut) external view returns (uint256 octoIn) {
        return Math.mulDiv(roleOut, askOf(role), Conversion.ONE, Math.Rounding.Ceil);
    }

    /// @inheritdoc IConversionEngine
    function quoteSell(
        address account,
        RoleId role,
        uint256 roleIn
    ) external view returns (uint256 octoOut, uint256 fee) {
        Sale memory due = _saleOf(_reserveOf(role), account, roleIn);
        return (due.octoOut, due.fee);
    }

    /// @inheritdoc IConversionEngine
    function quoteSwap(
        address account,
        RoleId from,
        RoleId to,
        uint256 roleIn
    ) external view returns (uint256 roleOut, uint256 fee) {
        require(!(from == to), ConversionEngineSameRole(from));
        Sale memory due = _saleOf(_reserveOf(from), account, roleIn);
        return (_reserveOf(to).bought(due.octoOut, _storage().parameters.spread), due.fee);
    }

    /// @inheritdoc IConversionEngine
    function policyOf(RoleId role) external view returns (uint256) {
        return _reserveOf(role).policy;
    }

    /// @inheritdoc IConversionEngine
    function coverageOf(RoleId role) external view returns (uint256) {
        Reserve memory reserve = _reserveOf(role);
        return Conversion.coverage(reserve.total(), reserve.supply, Math.Rounding.Floor);
    }

    /// @inheritdoc IConversionEngine
    function bidOf(RoleId role) external view returns (uint256) {
        return _reserveOf(role).bid();
    }

    /// @inheritdoc IConversionEngine
    function reserveOf(RoleId role) external view returns (uint256 held, uint256 earmarked) {
        Reserve memory reserve = _reserveOf(role);
        return (reserve.held, reserve.earmarked);
    }

    /// @inheritdoc IConversionEngine
    function heldOf(RoleId role) external view returns (uint256) {
        return _storage().books[role].row.held;
    }

    /// @inheritdoc IConversionEngine
    function limitsOf(
        address account,
        RoleId role
    ) external view returns (uint256 payOutLeft, uint256 earningsLeft, uint256 smallestSale) {
        Reserve memory reserve = _reserveOf(role);
        return (reserve.left, reserve.token.unsoldOf(account), _smallestSale(reserve, account));
    }

    /// @inheritdoc IConversionEngine
    function addableTo(RoleId role) external view returns (uint256) {
        return _addable(role, _reserveOf(role));
    }

    /// @inheritdoc IConversionEngine
    function parameters() external view returns (Bps spread, Bps payOutShare, uint128 payOutFloor) {
        Parameters memory set = _storage().parameters;
        return (set.spread, set.payOutShare, set.payOutFloor);
    }

    /// @inheritdoc IConversionEngine
    function roleTokens() external view returns (address) {
        return address(ROLE_TOKENS);
    }

    /// @inheritdoc IConversionEngine
    function vault() external view returns (address) {
        return address(VAULT);
    }

    /// @inheritdoc IConversionEngine
    function askOf(RoleId role) public view returns (uint256) {
        return _reserveOf(role).ask(_storage().parameters.spread);
    }

    function _authorizeUpgrade(address) internal override restricted {}

    // Swaps

    function _buy(RoleId role, uint128 octoIn, uint128 minOut) private returns (uint256 roleOut) {
        Reserve memory reserve = _reserveOf(role);
        roleOut = reserve.bought(octoIn, _storage().parameters.spread);
        _requireOutput(roleOut, minOut);

        reserve.put(octoIn, 0);
        _write(role, reserve);
        emit RoleTokensBought(msg.sender, role, octoIn, roleOut);

        _release(role, reserve);
        OCTO.transferFrom(msg.sender, address(this), octoIn);
        reserve.token.mint(msg.sender, roleOut);
    }

    /// @dev The vault bounds the amount by the earmark, and the token by the budget.
    function _mintDrawn(RoleId role, uint256 amount) private {
        if (amount == 0) return;
        VAULT.draw(role, uint128(amount)); // at most the earmark
        OCTO.mint(address(this), amount);
    }

    function _burn(uint256 amount) private {
        if (amount != 0) OCTO.burn(amount);
    }

    // Epochs

    /// @dev Stores the reserve, and the epoch if it begins with it.
    function _write(RoleId role, Reserve memory reserve) private {
        ReserveBook storage book = _storage().books[role];
        book.row = ReserveRow({
            held: _toAmount(reserve.held),
            left: _toAmount(reserve.left),
            policy: uint32(reserve.policy / Conversion.GRAIN), // at most 3 billion
            epochsBegun: uint32(reserve.epoch + 1) // for 80 million years
        });
        if (!reserve.begins) return;

        book.epoch = ReserveEpoch({beganWith: _toAmount(reserve.beganWith), added: 0});
        emit ReserveEpochBegun(role, reserve.epoch, reserve.policy, reserve.givenBack, reserve.released);
    }

    /// @dev Lets go what the epoch's beginning has taken off the books.
    function _release(RoleId role, Reserve memory reserve) private {
        if (!reserve.begins) return;

        if (reserve.slashed != 0) reserve.token.burn(reserve.slashed);
        if (reserve.givenBack != 0) VAULT.giveBack(role, uint128(reserve.givenBack)); // at most the earmark
        if (reserve.released != 0) OCTO.transfer(VAULT.treasury(), reserve.released);
    }

    /// @dev The reserve as of now: if nobody has touched it in this epoch, as the first touch will leave it.
    function _reserveOf(RoleId role) private view returns (Reserve memory reserve) {
        reserve.token = _tokenOf(role);
        ReserveRow memory row = _storage().books[role].row;
        (reserve.held, reserve.left, reserve.policy) = (row.held, row.left, row.policy * Conversion.GRAIN);
        reserve.supply = reserve.token.totalSupply();
        reserve.earmarked = VAULT.earmarkOf(role);
        reserve.epoch = (block.timestamp - GENESIS_AT) / RoleBooks.EPOCH;
        if (row.epochsBegun == reserve.epoch + 1) return reserve;

        Parameters memory set = _storage().parameters;
        uint256 slashed = reserve.token.balanceOf(address(this));
        reserve.begin(slashed, _policyNow(role, reserve, row.epochsBegun), set.payOutShare, set.payOutFloor);
    }

    /// @dev A role that was never touched starts at one. Of epochs missed, the last 26 count.
    function _policyNow(RoleId role, Reserve memory reserve, uint256 epochsBegun) private view returns (uint256) {
        if (epochsBegun == 0) return Conversion.ONE;

        uint256 steps = Math.min(reserve.epoch + 1 - epochsBegun, MOST_STEPS);
        uint256 count = steps + Conversion.WINDOW - 1;
        return Conversion.policyAfter(reserve.policy, VAULT.volumesBefore(role, reserve.epoch, count));
    }

    // Limits

    /// @dev Half the spread of what the epoch began with, so that buying before an addition and selling after it loses.
    function _addable(RoleId role, Reserve memory reserve) private view returns (uint256) {
        ConversionEngineStorage storage $ = _storage();
        ReserveEpoch memory epoch =
            reserve.begins ? ReserveEpoch({beganWith: _toAmount(reserve.beganWith), added: 0}) : $.books[role].epoch;
        return Math.saturatingSub($.parameters.spread.ofDown(epoch.beganWith) / 2, epoch.added);
    }

    /// @dev What the caller is due, if he may sell so much now. The token notes, when it burns, what of it was earned.
    function _ownSale(Reserve memory reserve, RoleId role, uint256 roleIn) private view returns (Sale memory due) {
        _requireSale(reserve, role, roleIn);
        due = _saleOf(reserve, msg.sender, roleIn);
        uint256 value = due.octoOut + due.fee;
        require(value <= reserve.left, ConversionEnginePayOutTooLarge(role, value, reserve.left));
    }

    function _saleOf(Reserve memory reserve, address account, uint256 roleIn) private view returns (Sale memory) {
        return reserve.sale(roleIn, reserve.token.unsoldOf(account));
    }

    /// @dev The balance is asked for only if it matters.
    function _requireSale(Reserve memory reserve, RoleId role, uint256 roleIn) private view {
        if (roleIn >= SMALLEST_SALE) return;
        uint256 least = _smallestSale(reserve, msg.sender);
        require(roleIn >= least, ConversionEngineSaleTooSmall(role, roleIn, least));
    }

    /// @dev Or everything, for who has less, so that no tokens are stuck.
    function _smallestSale(Reserve memory reserve, address account) private view returns (uint256) {
        uint256 balance = reserve.token.balanceOf(account);
        return balance == 0 ? SMALLEST_SALE : Math.min(balance, SMALLEST_SALE);
    }

    /// @dev The factory makes role n at a place that follows from n, so a role exists if there is code.
    function _tokenOf(RoleId role) private view returns (IRoleToken) {
        require(!role.isNone() && RoleId.unwrap(role) <= RoleTokenAddress.MAX_ROLES, ConversionEngineUnknownRole(role));
        address token = RoleTokenAddress.derive(address(ROLE_TOKENS), role);
        require(token.code.length != 0, ConversionEngineUnknownRole(role));
        return IRoleToken(token);
    }

    function _requireOutput(uint256 roleOut, uint256 minOut) private pure {
        require(roleOut >= SMALLEST_PURCHASE, ConversionEnginePurchaseTooSmall(roleOut, SMALLEST_PURCHASE));
        require(roleOut >= minOut, ConversionEngineOutputTooSmall(roleOut, minOut));
    }

    function _requireWithin(uint256 value, uint256 least, uint256 most) private pure {
        require(value >= least && value <= most, ConversionEngineParameterOutOfBounds(value, least, most));
    }

    function _toAmount(uint256 amount) private pure returns (uint96) {
        require(amount <= type(uint96).max, ConversionEngineAmountTooLarge(amount, type(uint96).max));
        return uint96(amount);
    }

    function _storage() private pure returns (ConversionEngineStorage storage $) {
        bytes32 location = STORAGE_LOCATION;
        // The only way to point at a namespace of ERC-7201.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            $.slot := location
        }
    }
}
