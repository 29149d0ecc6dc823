// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../shared/RoleId.sol";
import {Lane, Offence, Price} from "../types/Offences.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";

/// @title Slashing desk
/// @notice What a provider's word costs when it is broken: the table of offences, who may slash what and how much a week,
/// the disputes that freeze stake until they are decided, and downtime that anybody can report.
/// @dev Holds no money. The registry takes, compensates and burns; nobody but this desk can tell it to. No pause.
interface ISlashingDesk {
    /// @notice A slasher's authority over one lane.
    /// @param roles The roles it may slash, as a bitmap.
    /// @param activeFrom From when, Unix seconds; 0 for none.
    /// @param weeklyBudget The most it takes a week, in whole tokens.
    /// @param spent What it took in `week`, in wei.
    /// @param week The last week in which it took anything, in weeks since 1970.
    struct Slasher {
        uint32 roles;
        uint32 activeFrom;
        uint40 weeklyBudget;
        uint96 spent;
        uint16 week;
    }

    /// @notice A verdict.
    /// @param provider Who is slashed.
    /// @param role In which role.
    /// @param offence For what.
    /// @param offenceAt When it happened, Unix seconds: exits asked for before are out of reach.
    /// @param disputeId The slasher's own number of the dispute, whose frozen stake is taken first; zero for none.
    /// @param client Who was harmed; zero for nobody.
    /// @param loss What he paid and the verdict did not refund, in wei of OCTO; he is made whole up to that.
    /// @param reason A hash of the reasons.
    struct Verdict {
        address provider;
        RoleId role;
        Offence offence;
        uint40 offenceAt;
        bytes32 disputeId;
        address client;
        uint128 loss;
        bytes32 reason;
    }

    /// @notice A provider was punished.
    /// @param slasher By whom; this desk for reported downtime.
    /// @param provider The provider.
    /// @param role The role.
    /// @param offence The offence.
    /// @param repeats Offences within the 180 days before.
    /// @param taken What it cost.
    /// @param reason A hash of the reasons; for downtime, the window.
    event OffencePunished(
        address indexed slasher,
        address indexed provider,
        RoleId indexed role,
        Offence offence,
        uint256 repeats,
        IProviderRegistry.Taken taken,
        bytes32 reason
    );

    /// @notice A provider's OCTO stake paid a bond.
    /// @param slasher Who took it.
    /// @param provider The provider.
    /// @param role The role.
    /// @param amount What was there of it, in wei of OCTO.
    /// @param to Who received it.
    event BondLevied(
        address indexed slasher,
        address indexed provider,
        RoleId indexed role,
        uint256 amount,
        address to
    );

    /// @notice A dispute was opened.
    /// @param slasher By whom.
    /// @param provider Against whom.
    /// @param role In which role.
    /// @param disputeId The slasher's own number of it.
    /// @param dispute Its key here and in the registry.
    event DisputeOpened(
        address indexed slasher,
        address indexed provider,
        RoleId indexed role,
        bytes32 disputeId,
        bytes32 dispute
    );

    /// @notice A dispute ended.
    /// @param dispute Its key.
    event DisputeClosed(bytes32 indexed dispute);

    /// @notice An account was banned, or its ban lifted. A banned account becomes active in no role, and whoever calls
    /// {IProviderRegistry-refresh} ends where it still is.
    /// @param account The account.
    /// @param banned Whether it is.
    event BanSet(address indexed account, bool banned);

    /// @notice A slasher's authority over a lane was set.
    /// @param slasher The slasher.
    /// @param lane The lane.
    /// @param roles The roles, as a bitmap.
    /// @param weeklyBudget In whole tokens.
    /// @param activeFrom From when, Unix seconds.
    event SlasherSet(
        address indexed slasher,
        Lane indexed lane,
        uint256 roles,
        uint256 weeklyBudget,
        uint256 activeFrom
    );

    /// @notice A slasher's authority over a lane ended.
    /// @param slasher The slasher.
    /// @param lane The lane.
    event SlasherRemoved(address indexed slasher, Lane indexed lane);

    /// @notice The caller may slash neither lane that the offence concerns, or not this role, or not yet.
    /// @param caller Who tried.
    /// @param role The role.
    error SlashingDeskNotSlasher(address caller, RoleId role);

    /// @notice The offence lies in the future.
    /// @param offenceAt Unix seconds.
    /// @param timestamp Now, Unix seconds.
    error SlashingDeskFutureOffence(uint256 offenceAt, uint256 timestamp);

    /// @notice The dispute is open already.
    /// @param dispute Its key.
    error SlashingDeskDisputeOpen(bytes32 dispute);

    /// @notice There is no such open dispute.
    /// @param dispute Its key.
    error SlashingDeskUnknownDispute(bytes32 dispute);

    /// @notice What is levied goes to an account of its own.
    /// @param to What was asked for.
    error SlashingDeskInvalidRecipient(address to);

    /// @notice A dispute without a number.
    error SlashingDeskZeroDispute();

    /// @notice Until its end only the slasher closes a dispute, as long as he is one.
    /// @param dispute Its key.
    /// @param closesAt When anybody may, Unix seconds.
    error SlashingDeskDisputeNotOver(bytes32 dispute, uint256 closesAt);

    /// @notice The provider did not miss this window: it was beaten, not due, not finished, or is more than seven days old.
    /// @param provider The provider.
    /// @param role The role.
    /// @param window The window.
    error SlashingDeskWindowNotMissed(address provider, RoleId role, uint256 window);

    /// @notice Downtime was reported up to this window.
    /// @param provider The provider.
    /// @param role The role.
    /// @param window The window asked for.
    /// @param reported The last one reported.
    error SlashingDeskWindowReported(address provider, RoleId role, uint256 window, uint256 reported);

    /// @notice An earlier window was missed and not reported: absences are reported in their order.
    /// @param provider The provider.
    /// @param role The role.
    /// @param window The window asked for.
    /// @param earlier The earlier one.
    error SlashingDeskEarlierWindow(address provider, RoleId role, uint256 window, uint256 earlier);

    /// @notice The zero address cannot slash, and an authority needs a role and a budget.
    /// @param slasher Who was named.
    error SlashingDeskEmptyAuthority(address slasher);

    /// @notice The slasher has no authority over this lane.
    /// @param slasher The slasher.
    /// @param lane The lane.
    error SlashingDeskUnknownSlasher(address slasher, Lane lane);

    /// @notice Slashes for an offence that was judged, after the last appeal. A lane in which the caller has no authority is
    /// left alone; what is above the week's budget is not taken. Ends the dispute it names.
    /// @dev Never reverts for the lack of stake or of budget.
    /// @param verdict The verdict.
    /// @return taken What it took.
    function slash(Verdict calldata verdict) external returns (IProviderRegistry.Taken memory taken);

    /// @notice Takes a provider's bond in a lost dispute from its OCTO stake: an amount and no offence, so nothing of the
    /// score or of the history. Slashers of the OCTO lane only, within their budget.
    /// @param provider The provider.
    /// @param role The role.
    /// @param amount In wei of OCTO; clamped to what is there.
    /// @param offenceAt From when exits are exposed, Unix seconds.
    /// @param to Who receives it.
    /// @return taken In wei of OCTO.
    function levy(
        address provider,
        RoleId role,
        uint128 amount,
        uint40 offenceAt,
        address to
    ) external returns (uint256 taken);

    /// @notice Slashes a provider on duty for an absence, the windows of heartbeats missed in a row: Downtime, or
    /// ExtendedDowntime from three windows (24 hours) on. Anybody may. An absence costs once, and again for each further day
    /// that it goes on.
    /// @param provider The provider.
    /// @param role The role.
    /// @param window The earliest missed window that was not reported.
    /// @return taken What it took.
    function reportDowntime(
        address provider,
        RoleId role,
        uint256 window
    ) external returns (IProviderRegistry.Taken memory taken);

    /// @notice Opens a dispute: so much of the provider's stake cannot leave until it is decided, at most 60 days.
    /// @dev Only a slasher, in the lanes of his authority.
    /// @param disputeId The slasher's own number of it, not zero.
    /// @param provider Against whom.
    /// @param role In which role.
    /// @param octoAmount To freeze, in wei of OCTO.
    /// @param roleAmount To freeze, in wei of the role's token.
    /// @param offenceAt When it happened, Unix seconds.
    /// @return dispute Its key.
    function openDispute(
        bytes32 disputeId,
        address provider,
        RoleId role,
        uint128 octoAmount,
        uint128 roleAmount,
        uint256 offenceAt
    ) external returns (bytes32 dispute);

    /// @notice Ends a dispute without an offence. The slasher at any time; anybody once 60 days are over, or once he is no
    /// slasher any more.
    /// @param dispute Its key.
    function closeDispute(bytes32 dispute) external;

    /// @notice Gives a slasher authority over a lane, from seven days from now on. Until then, he has none.
    /// @dev Restricted to SLASHING_ACCESS. What he took this week still counts.
    /// @param slasher The slasher.
    /// @param lane The lane.
    /// @param roles The roles, as a bitmap.
    /// @param weeklyBudget In whole tokens.
    function setSlasher(address slasher, Lane lane, uint32 roles, uint40 weeklyBudget) external;

    /// @notice Ends a slasher's authority over a lane at once.
    /// @dev Restricted to GUARDIAN_ACCESS.
    /// @param slasher The slasher.
    /// @param lane The lane.
    function removeSlasher(address slasher, Lane lane) external;

    /// @notice Lifts a suspension; the position becomes active if it reaches the minimum.
    /// @dev Restricted to SLASHING_ACCESS.
    /// @param provider The provider.
    /// @param role The role.
    function liftSuspension(address provider, RoleId role) external;

    /// @notice Whether the account was banned.
    /// @param account The account.
    /// @return True if it was.
    function isBanned(address account) external view returns (bool);

    /// @notice Whether a provider on duty missed a finished window of the last seven days.
    /// @param provider The provider.
    /// @param role The role.
    /// @param window The window's number.
    /// @return True if it was due and not beaten.
    function missedWindow(address provider, RoleId role, uint256 window) external view returns (bool);

    /// @notice Lifts an account's ban; its positions become active by {IProviderRegistry-refresh}.
    /// @dev Restricted to SLASHING_ACCESS: a stolen slasher must not end providers for ever.
    /// @param account The account.
    function liftBan(address account) external;

    /// @notice A slasher's authority.
    /// @param slasher The slasher.
    /// @param lane The lane.
    /// @return The row; empty if none.
    function slasherOf(address slasher, Lane lane) external view returns (Slasher memory);

    /// @notice What a slasher can still take of a lane this week.
    /// @param slasher The slasher.
    /// @param lane The lane.
    /// @param role The role.
    /// @return In wei of the lane's token; 0 if it has no authority.
    function allowanceOf(address slasher, Lane lane, RoleId role) external view returns (uint256);

    /// @notice What an offence would cost a provider now, its repeats counted.
    /// @param provider The provider.
    /// @param role The role.
    /// @param offence The offence.
    /// @return price Shares and points.
    /// @return repeats Offences within the last 180 days.
    function priceFor(
        address provider,
        RoleId role,
        Offence offence
    ) external view returns (Price memory price, uint256 repeats);

    /// @notice An open dispute.
    /// @param dispute Its key.
    /// @return slasher Who opened it; zero if it is not open.
    /// @return closesAt When anybody may close it, Unix seconds.
    function disputeOf(bytes32 dispute) external view returns (address slasher, uint256 closesAt);

    /// @notice The key of a dispute.
    /// @param slasher Who opens it.
    /// @param provider Against whom.
    /// @param role In which role.
    /// @param disputeId The slasher's own number of it.
    /// @return Its key here and in the registry.
    function disputeKey(
        address slasher,
        address provider,
        RoleId role,
        bytes32 disputeId
    ) external pure returns (bytes32);
}
