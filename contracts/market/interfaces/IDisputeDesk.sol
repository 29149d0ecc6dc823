// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Offence} from "../../registry/types/Offences.sol";
import {Dispute, Fees, Payment, Phase, Pot} from "../types/Dispute.sol";
import {JobId} from "../types/JobId.sol";

/// @title Dispute desk
/// @notice Where client and provider go when they disagree about submitted work: each has a bond at stake, an arbiter rules,
/// the escrow is split, and who was wrong pays the arbiters.
/// @dev Bonds are rows in the vault; this desk holds no money. Every dispute ends by time, whatever an arbiter does or
/// leaves: after {DISPUTE_TIME} anyone executes it, by the panel's ruling if there is one, else split evenly with all bonds back.
///
/// ```
///              answer 3 days, evidence 7 days         5 days, 5 more       3 days
///   open -> Open ---------------------------> Judging -----------> Ruled ---------> execute -> Closed -> punish
///            | no answer: winByDefault           | undecided         | appeal                ^
///            v                                   v                   v                       |
///          Final ----------------------------> Final <----------- Appealed (5 days) ---------'
/// ```
interface IDisputeDesk {
    /// @notice A dispute was opened.
    /// @param jobId The job.
    /// @param opener Who opened it.
    /// @param arbiter Who decides.
    /// @param bond What each side has at stake, in wei of OCTO.
    /// @param onLane Whether the provider's bond is its OCTO lane.
    /// @param claim A hash of what is claimed.
    event DisputeOpened(
        JobId indexed jobId,
        address indexed opener,
        address indexed arbiter,
        uint256 bond,
        bool onLane,
        bytes32 claim
    );

    /// @notice The other side posted its bond.
    /// @param jobId The job.
    /// @param account Who it is.
    event DisputeAnswered(JobId indexed jobId, address indexed account);

    /// @notice This desk was seen unable to lock bonds: the time to answer runs anew from here.
    /// @param notedAt Unix seconds.
    event PauseNoted(uint256 notedAt);

    /// @notice Evidence was shown.
    /// @param jobId The job.
    /// @param party By whom.
    /// @param uri Where it is.
    /// @param evidenceHash Its hash.
    event EvidenceSubmitted(JobId indexed jobId, address indexed party, string uri, bytes32 evidenceHash);

    /// @notice The case went to the arbiter.
    /// @param jobId The job.
    /// @param caseId The arbiter's number.
    event CaseBrought(JobId indexed jobId, uint256 indexed caseId);

    /// @notice A ruling came in, or the other side's silence took its place.
    /// @param jobId The job.
    /// @param decided Whether anybody has won.
    /// @param providerShare The provider's share, 0 to 100 percent.
    /// @param offends Whether an offence is named.
    /// @param offence Which one.
    event Ruled(JobId indexed jobId, bool decided, uint256 providerShare, bool offends, Offence offence);

    /// @notice A party appealed.
    /// @param jobId The job.
    /// @param appellant Who.
    /// @param bond What it has at stake, in wei of OCTO.
    event Appealed(JobId indexed jobId, address indexed appellant, uint256 bond);

    /// @notice The escrow was split and the bonds went where they belong.
    /// @param jobId The job.
    /// @param providerShare The provider's share, 0 to 100 percent.
    /// @param settled What was settled for the provider, in wei of OCTO.
    event DisputeExecuted(JobId indexed jobId, uint256 providerShare, uint256 settled);

    /// @notice A bond went back.
    /// @param jobId The job.
    /// @param account Whose it was.
    /// @param amount In wei of OCTO.
    event BondReturned(JobId indexed jobId, address indexed account, uint256 amount);

    /// @notice A loser pays the arbiters.
    /// @param jobId The job.
    /// @param pot Which pot it went to.
    /// @param amount In wei of OCTO; a fifth of it is burned.
    event PotFilled(JobId indexed jobId, Pot indexed pot, uint256 amount);

    /// @notice The provider paid with its stake, or has nothing left to pay with. Whether more is to come says {disputeOf}.
    /// @param jobId The job.
    /// @param levied For the bond, in wei of OCTO.
    /// @param slashed For the offence, in wei of OCTO.
    event ProviderPunished(JobId indexed jobId, uint256 levied, uint256 slashed);

    /// @notice An arbiter took its fee.
    /// @param jobId The job.
    /// @param pot From which pot.
    /// @param account Who.
    /// @param amount In wei of OCTO.
    event FeeCollected(JobId indexed jobId, Pot indexed pot, address indexed account, uint256 amount);

    /// @notice Another arbiter decides about the jobs made from now on.
    /// @param firstJobId The first of them.
    /// @param arbiter Who.
    event ArbiterSet(JobId indexed firstJobId, address indexed arbiter);

    /// @notice What new disputes cost changed.
    /// @param share Of the escrow, in basis points.
    /// @param least At least, in wei of OCTO.
    event BondTermsSet(uint256 share, uint256 least);

    /// @notice The dispute does not stand where it must for this.
    /// @param jobId The job.
    /// @param actual Where it stands.
    /// @param required Where it must.
    error DisputeDeskWrongPhase(JobId jobId, Phase actual, Phase required);

    /// @notice Somebody else must call this.
    /// @param jobId The job.
    /// @param caller Who called.
    error DisputeDeskNotParty(JobId jobId, address caller);

    /// @notice The time for this is over.
    /// @param jobId The job.
    /// @param until Its last second, Unix seconds.
    error DisputeDeskTooLate(JobId jobId, uint256 until);

    /// @notice The time before this is not over.
    /// @param jobId The job.
    /// @param until Its last second, Unix seconds.
    error DisputeDeskTooEarly(JobId jobId, uint256 until);

    /// @notice The other side has its bond at stake already.
    /// @param jobId The job.
    error DisputeDeskAnswered(JobId jobId);

    /// @notice The other side has no bond at stake yet.
    /// @param jobId The job.
    error DisputeDeskNotAnswered(JobId jobId);

    /// @notice The arbiter has no such case of this desk.
    /// @param arbiter Who called.
    /// @param caseId The number.
    error DisputeDeskUnknownCase(address arbiter, uint256 caseId);

    /// @notice Nobody wins by default while this desk cannot lock the other side's bond.
    /// @param jobId The job.
    error DisputeDeskLocksPaused(JobId jobId);

    /// @notice There is no pause to note: this desk can lock bonds.
    error DisputeDeskNoPause();

    /// @notice This desk's budget of the week is used up; what is to be taken stays to be taken.
    /// @param jobId The job.
    /// @param until The week's last second, Unix seconds.
    error DisputeDeskBudgetUsedUp(JobId jobId, uint256 until);

    /// @notice Nothing of this kind can be done any more.
    /// @param jobId The job.
    error DisputeDeskNothingToDo(JobId jobId);

    /// @notice The account has no fee in this pot, or took it.
    /// @param jobId The job.
    /// @param pot The pot.
    /// @param account The account.
    error DisputeDeskNoFee(JobId jobId, Pot pot, address account);

    /// @notice The text is too long.
    /// @param length Its length, in bytes.
    /// @param limit The most, in bytes.
    error DisputeDeskTextTooLong(uint256 length, uint256 limit);

    /// @notice An arbiter is a contract.
    /// @param arbiter What was given.
    error DisputeDeskInvalidArbiter(address arbiter);

    /// @notice What a dispute costs is out of bounds.
    /// @param actual What was asked for.
    /// @param least The least.
    /// @param most The most.
    error DisputeDeskBondOutOfBounds(uint256 actual, uint256 least, uint256 most);

    /// @notice Only the vault calls this.
    /// @param caller Who called.
    error DisputeDeskCallerNotVault(address caller);

    /// @notice The new code belongs to another vault, where the bonds of running disputes do not lie.
    /// @param nextVault The vault of the new code.
    /// @param vault The vault of this desk.
    error DisputeDeskOtherVault(address nextVault, address vault);

    /// @notice Opens a dispute about submitted work: the client until the review ends, the provider while the client's rejection
    /// waits for its answer.
    /// @dev Takes the opener's bond, unless the opener is the provider of a job that binds it: then its OCTO lane is its bond, so
    /// neither a pause nor a want of liquid OCTO makes it lose by silence.
    /// @param jobId The job.
    /// @param claim A hash of what is claimed.
    /// @param payment Where the bond is taken from.
    /// @param freeze Whether to freeze as much of the provider's stake as is disputed, as {freezeStake} does.
    function open(JobId jobId, bytes32 claim, Payment payment, bool freeze) external;

    /// @notice Posts the other side's bond, within 3 days: of the opening, or of the last pause of this desk's locks that was
    /// noted. Needed of a client always, and of a provider unless its OCTO lane is its bond.
    /// @param jobId The job.
    /// @param payment Where the bond is taken from.
    function answer(JobId jobId, Payment payment) external;

    /// @notice Notes that this desk cannot lock bonds now, because the guardian has paused it or an upgrade has closed it, so that
    /// the 3 days to answer run anew from here in every dispute. Anyone, as often as there is need: best of all just before the
    /// pause ends.
    /// @dev Moves no other time. Appeals have 3 days whatever is paused, for both sides have been heard by then, and no pause may
    /// hold back money that a ruling has set free; and after {DISPUTE_TIME} a dispute can be executed.
    function notePause() external;

    /// @notice Freezes as much of the provider's stake as is disputed, exits included, until the dispute is over. The two
    /// parties; once.
    /// @dev Without it, only what the job itself locks stays: a fifth of the escrow, which for a small escrow is less than the bond.
    /// All stake beyond that can leave in a long dispute, {punish} takes what is there, and exits asked for before the work was
    /// submitted are out of reach. With it, stake stays until {punish}, but at most for 60 days; then anybody frees it.
    /// @param jobId The job.
    function freezeStake(JobId jobId) external;

    /// @notice Shows evidence, until the case is brought. The two parties only.
    /// @param jobId The job.
    /// @param uri Where it is, at most 2,048 bytes.
    /// @param evidenceHash Its hash.
    function submitEvidence(JobId jobId, string calldata uri, bytes32 evidenceHash) external;

    /// @notice Lets the opener win because the other side posted no bond in time. Anyone, but not while this desk cannot lock: who
    /// could not answer has not been silent.
    /// @param jobId The job.
    function winByDefault(JobId jobId) external;

    /// @notice Brings the case to the arbiter once the 7 days of evidence are over. Anyone.
    /// @param jobId The job.
    function bringCase(JobId jobId) external;

    /// @notice Appeals the panel's ruling, within 3 days, with a doubled bond. Client or provider.
    /// @param jobId The job.
    /// @param payment Where the bond is taken from.
    function appeal(JobId jobId, Payment payment) external;

    /// @notice Splits the escrow and sends the bonds where they belong, once the ruling is final or time has run out. Anyone.
    /// @param jobId The job.
    function execute(JobId jobId) external;

    /// @notice Takes from the provider's stake what the verdict asks: its bond, and the penalty of the offence, out of which
    /// the client is made whole first. Anyone, after {execute}; a call of its own, so that nothing of it can stand before the
    /// money. Again in a later week if this desk's budget at the slashing desk was used up, until all is taken or nothing is left.
    /// @dev The bond is taken in parts, as far as the budget goes. The offence is slashed once, in a week of which at least half of
    /// the budget is left in either lane; only what one offence asks beyond what is left then is not taken. A freeze stays until
    /// both are done.
    /// @param jobId The job.
    function punish(JobId jobId) external;

    /// @notice Takes the caller's fee for having voted with the majority. From what is levied, once all of it is there, or 60 days
    /// after the ruling; then nothing more is levied.
    /// @param jobId The job.
    /// @param pot From which pot.
    function collectFee(JobId jobId, Pot pot) external;

    /// @notice Names who decides about the jobs made from now on; older jobs keep theirs.
    /// @dev Restricted to PARAMETER_ACCESS.
    /// @param arbiter An {IArbiter} that serves this desk.
    function setArbiter(address arbiter) external;

    /// @notice Sets what new disputes cost.
    /// @dev Restricted to PARAMETER_ACCESS.
    /// @param share Of the escrow, in basis points; 1 % to 20 %.
    /// @param least At least, in wei of OCTO; 1 to 1,000 OCTO.
    function setBondTerms(uint256 share, uint256 least) external;

    /// @notice The dispute about a job.
    /// @param jobId The job.
    /// @return All zero if there is none.
    function disputeOf(JobId jobId) external view returns (Dispute memory);

    /// @notice A pot of a dispute.
    /// @param jobId The job.
    /// @param pot Which one.
    /// @return What is in it.
    function feesOf(JobId jobId, Pot pot) external view returns (Fees memory);

    /// @notice Who decides about a job.
    /// @param jobId The job.
    /// @return The arbiter.
    function arbiterOf(JobId jobId) external view returns (address);

    /// @notice What each side of a new dispute has at stake.
    /// @param escrow What is disputed, in wei of OCTO.
    /// @return In wei of OCTO, rounded up.
    function bondFor(uint256 escrow) external view returns (uint256);

    /// @notice When this desk was last seen unable to lock bonds.
    /// @return Unix seconds; 0 if never.
    function pauseNotedAt() external view returns (uint256);

    /// @notice The vault that holds the bonds, for ever the same.
    /// @return Its address.
    function settlement() external view returns (address);
}
