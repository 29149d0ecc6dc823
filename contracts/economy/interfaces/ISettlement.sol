// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IValueInFlight} from "../../registry/interfaces/IValueInFlight.sol";
import {RoleId} from "../../shared/RoleId.sol";
import {ScheduleId} from "../../shared/ScheduleId.sol";
import {Account, Market, Sums} from "../types/Vault.sol";

/// @title Settlement: the vault and the one door of every market
/// @notice The only contract that holds clients' OCTO. A market locks a client's OCTO, and ends each lock by a refund or
/// by a settlement, which pays, splits the fee five ways, records the work and mints role tokens for it.
/// @dev No proxy and no administrator's path to anybody's money. A pause stops new locks and nothing else: refunds,
/// settlements, withdrawals and sweeps always work.
interface ISettlement is IValueInFlight {
    /// @notice What a market locks.
    /// @param client Who pays.
    /// @param amount In wei of OCTO.
    /// @param role The role of the work.
    /// @param schedule The fee schedule it will settle under.
    /// @param provider Whom the work binds, and whose value in flight it is until it ends; zero for nobody.
    /// @param capacity The most value in flight that the provider carries, in wei of OCTO, as the registry told the market.
    struct Lock {
        address client;
        uint128 amount;
        RoleId role;
        ScheduleId schedule;
        address provider;
        uint128 capacity;
    }

    /// @notice A client's signed payment: an ERC-3009 `ReceiveWithAuthorization` to the vault.
    /// @param validAfter Unix seconds; valid strictly after it.
    /// @param validBefore Unix seconds; valid strictly before it.
    /// @param deal The hash of what was agreed. The authorization's nonce is keccak256(abi.encode(market, deal)), so
    /// that one signature is agreement and payment and serves one market only.
    /// @param signature The client's signature.
    struct Authorization {
        uint256 validAfter;
        uint256 validBefore;
        bytes32 deal;
        bytes signature;
    }

    /// @notice A finished piece of work.
    /// @param client Who pays.
    /// @param provider Who did it.
    /// @param orchestrator Who coordinated it; zero for nobody.
    /// @param amount What is settled or refunded, in wei of OCTO.
    /// @param role The role of the work; none for work that is split but neither minted for nor scored.
    /// @param schedule The fee schedule.
    /// @param success 0 to 100: 100 if accepted, the verdict's share if disputed. Nothing is minted at 0.
    /// @param speed 0 to 100: 100 up to half of the time allowed, falling linearly to 0 at the deadline.
    /// @param bound Whether it was locked as the provider's value in flight.
    struct Work {
        address client;
        address provider;
        address orchestrator;
        uint128 amount;
        RoleId role;
        ScheduleId schedule;
        uint8 success;
        uint8 speed;
        bool bound;
    }

    /// @notice A client's rating of settled work.
    /// @param client Who paid.
    /// @param provider Who did it.
    /// @param role The role of the work.
    /// @param schedule The fee schedule.
    /// @param amount What was settled, in wei of OCTO.
    /// @param rating 0 to 100.
    struct Rating {
        address client;
        address provider;
        RoleId role;
        ScheduleId schedule;
        uint128 amount;
        uint8 rating;
    }

    /// @notice A market may lock from now on, for these roles and under these schedules too.
    /// @param market The market.
    /// @param index Its bit in an account's consents.
    /// @param roles All its roles, as a bitmap.
    /// @param schedules All its fee schedules, as a bitmap.
    event MarketAdmitted(address indexed market, uint256 index, uint256 roles, uint256 schedules);

    /// @notice A market closed its own locks, because its code is about to change.
    /// @param market The market.
    event MarketClosed(address indexed market);

    /// @notice A market's new locks were paused or freed.
    /// @param market The market.
    /// @param paused Whether they are paused.
    event MarketPauseSet(address indexed market, bool paused);

    /// @notice OCTO of a client came in, under a market's hand.
    /// @param market The market.
    /// @param client Who paid.
    /// @param amount In wei of OCTO.
    event Locked(address indexed market, address indexed client, uint256 amount);

    /// @notice Credit of a client came under a market's hand.
    /// @param market The market.
    /// @param client Whose credit.
    /// @param amount In wei of OCTO.
    event LockedFromCredit(address indexed market, address indexed client, uint256 amount);

    /// @notice OCTO went back to the client.
    /// @param market The market.
    /// @param client Who was refunded.
    /// @param amount In wei of OCTO.
    event Refunded(address indexed market, address indexed client, uint256 amount);

    /// @notice Escrow of a market serves other work from now on; no OCTO moved.
    /// @param market The market.
    /// @param from Who was to do the work it served.
    /// @param to Whose value in flight it is now; zero for nobody.
    /// @param amount In wei of OCTO.
    event Moved(address indexed market, address indexed from, address indexed to, uint256 amount);

    /// @notice A market gave up OCTO under its hand: it is burned with the next sweep.
    /// @param market The market.
    /// @param amount In wei of OCTO.
    event Forfeited(address indexed market, uint256 amount);

    /// @notice Work was settled. Each leg follows from the schedule's row, which never changes: its share of the amount,
    /// rounded down, and the rest to the provider. Whoever has {PayOutSet} to true is paid by transfer, others by credit.
    /// What was minted for it shows in the role tokens' transfers; as much mint budget was earmarked.
    /// @param market The market.
    /// @param client Who paid.
    /// @param provider Who did the work.
    /// @param orchestrator Who coordinated it; zero for nobody.
    /// @param role The role of the work.
    /// @param schedule The fee schedule.
    /// @param amount What was settled, in wei of OCTO.
    event Settled(
        address indexed market,
        address indexed client,
        address indexed provider,
        address orchestrator,
        RoleId role,
        ScheduleId schedule,
        uint256 amount
    );

    /// @notice Delegators of the provider have their cut of its pay, as credit of the pools.
    /// @param provider Whose pay.
    /// @param pools The delegation pools.
    /// @param amount In wei of OCTO.
    event DelegatorsCredited(address indexed provider, address indexed pools, uint256 amount);

    /// @notice Finished work was paid or refunded but could not be recorded; anyone may {replay} it once.
    /// @param work The work.
    /// @param fee Its protocol fee, in wei of OCTO.
    event RecordingFailed(Work work, uint256 fee);

    /// @notice Work whose recording had failed was recorded and minted for.
    /// @param work The work.
    /// @param fee Its protocol fee, in wei of OCTO.
    event Replayed(Work work, uint256 fee);

    /// @notice Somebody turned OCTO into credit.
    /// @param account Who is credited.
    /// @param payer Who paid.
    /// @param amount In wei of OCTO.
    event Deposited(address indexed account, address indexed payer, uint256 amount);

    /// @notice An account's credit was taken out.
    /// @param account The account.
    /// @param to Who received it.
    /// @param amount In wei of OCTO.
    event Withdrawn(address indexed account, address indexed to, uint256 amount);

    /// @notice An account allowed a market to spend its credit, or forbade it.
    /// @param account The account.
    /// @param market The market.
    /// @param allowed Whether it may.
    event CreditConsentSet(address indexed account, address indexed market, bool allowed);

    /// @notice An account's way to be paid changed.
    /// @param account The account.
    /// @param payOut True for a transfer, false for credit.
    event PayOutSet(address indexed account, bool payOut);

    /// @notice The accrued fees left the vault.
    /// @param treasury To the treasury, in wei of OCTO.
    /// @param burned Burned, in wei of OCTO.
    /// @param voters To the Assembly, in wei of OCTO.
    event Swept(uint256 treasury, uint256 burned, uint256 voters);

    /// @notice The treasury's leg goes to another address.
    /// @param previous Before.
    /// @param treasury From now on.
    event TreasurySet(address indexed previous, address indexed treasury);

    /// @notice The voters' leg goes to another address.
    /// @param previous Before.
    /// @param holders The Assembly from now on; zero while there is none, and the leg is burned.
    event HoldersSet(address indexed previous, address indexed holders);

    /// @notice The engine spent what backed a role's token, to mint as much OCTO.
    /// @param role The role.
    /// @param amount In wei of OCTO.
    event EarmarkDrawn(RoleId indexed role, uint256 amount);

    /// @notice What backed a role's token is open mint budget again.
    /// @param role The role.
    /// @param amount In wei of OCTO.
    event EarmarkGivenBack(RoleId indexed role, uint256 amount);

    /// @notice What backed one role's token backs another's.
    /// @param from The role it left.
    /// @param to The role it went to.
    /// @param amount In wei of OCTO.
    event EarmarkMoved(RoleId indexed from, RoleId indexed to, uint256 amount);

    /// @notice The caller is no market that was ever admitted.
    /// @param caller Who tried, or which market was named.
    error SettlementUnknownMarket(address caller);

    /// @notice The market's new locks are paused.
    /// @param market The market.
    error SettlementMarketPaused(address market);

    /// @notice The market's code is not the one that was admitted.
    /// @param market The market.
    error SettlementMarketNotOpen(address market);

    /// @notice The market was not admitted for this role.
    /// @param market The market.
    /// @param role The role.
    error SettlementRoleNotAdmitted(address market, RoleId role);

    /// @notice The market was not admitted for this fee schedule.
    /// @param market The market.
    /// @param schedule The fee schedule.
    error SettlementScheduleNotAdmitted(address market, ScheduleId schedule);

    /// @notice The market asked for more than it has locked.
    /// @param market The market.
    /// @param balance What it has locked, in wei of OCTO.
    /// @param requested What it asked for, in wei of OCTO.
    error SettlementMarketBalanceTooSmall(address market, uint256 balance, uint256 requested);

    /// @notice The account's credit does not reach.
    /// @param account The account.
    /// @param credit What it has, in wei of OCTO.
    /// @param requested What was asked for, in wei of OCTO.
    error SettlementCreditTooSmall(address account, uint256 credit, uint256 requested);

    /// @notice The account did not allow this market to spend its credit.
    /// @param account The account.
    /// @param market The market.
    error SettlementCreditNotAllowed(address account, address market);

    /// @notice The work would exceed what the provider's bond carries.
    /// @param provider The provider.
    /// @param inFlight Its value in flight, this work included, in wei of OCTO.
    /// @param capacity The most there may be, in wei of OCTO.
    error SettlementCapacityExceeded(address provider, uint256 inFlight, uint256 capacity);

    /// @notice Work this small is not recorded, so it cannot be rated.
    /// @param amount What was settled, in wei of OCTO.
    /// @param smallest The smallest recorded settlement, in wei of OCTO.
    error SettlementTooSmallToRate(uint256 amount, uint256 smallest);

    /// @notice Another amount came in than was to be locked.
    /// @param expected In wei of OCTO.
    /// @param received In wei of OCTO.
    error SettlementAmountNotReceived(uint256 expected, uint256 received);

    /// @notice The amount is zero.
    error SettlementZeroAmount();

    /// @notice The amount is more than all OCTO there can ever be.
    /// @param amount What was asked for, in wei of OCTO.
    /// @param limit The most there can be, in wei of OCTO.
    error SettlementAmountTooLarge(uint256 amount, uint256 limit);

    /// @notice A fixed peer of the vault has no code.
    /// @param peer What was named.
    error SettlementPeerNotContract(address peer);

    /// @notice OCTO cannot go there.
    /// @param to The zero address or the vault itself.
    error SettlementInvalidRecipient(address to);

    /// @notice A market must be a contract.
    /// @param market What was named.
    error SettlementMarketNotContract(address market);

    /// @notice There is no room for another market.
    /// @param limit The most there can be.
    error SettlementMarketsFull(uint256 limit);

    /// @notice A role or a fee schedule in the bitmap does not exist.
    /// @param roles The roles asked for.
    /// @param existingRoles The roles there are; bit 0 stands for work of no role.
    /// @param schedules The fee schedules asked for.
    /// @param existingSchedules The fee schedules there are.
    error SettlementUnknownRoleOrSchedule(
        uint256 roles,
        uint256 existingRoles,
        uint256 schedules,
        uint256 existingSchedules
    );

    /// @notice The transaction carries too little gas to record the work; send it with more.
    /// @param available What is left.
    /// @param required What must be left.
    error SettlementGasTooLow(uint256 available, uint256 required);

    /// @notice Only the vault calls this, on itself.
    /// @param caller Who tried.
    error SettlementCallerNotSelf(address caller);

    /// @notice No such work waits to be recorded.
    /// @param work The work.
    /// @param fee Its protocol fee, in wei of OCTO.
    error SettlementNothingToReplay(Work work, uint256 fee);

    /// @notice Only the engine moves what backs role tokens.
    /// @param caller Who called.
    /// @param engine Who may.
    error SettlementCallerNotEngine(address caller, address engine);

    /// @notice A role's earmark is smaller than what was asked of it.
    /// @param role The role.
    /// @param earmarked What it has, in wei of OCTO.
    /// @param requested What was asked for, in wei of OCTO.
    error SettlementEarmarkTooSmall(RoleId role, uint256 earmarked, uint256 requested);

    /// @notice Locks OCTO of a client who approved the calling market.
    /// @dev Calls the market back to {IMarket-pull} and checks what came in.
    /// @param escrow What is locked.
    /// @param payOutByDefault Pays this client by transfer from now on, unless he has chosen otherwise. The vault takes
    /// the market's word for who the client is.
    function lockByApproval(Lock calldata escrow, bool payOutByDefault) external;

    /// @notice Locks OCTO of a client who signed the deal.
    /// @param escrow What is locked.
    /// @param authorization The client's signed payment.
    function lockByAuthorization(Lock calldata escrow, Authorization calldata authorization) external;

    /// @notice Locks credit of a client who allowed the calling market to spend it.
    /// @param escrow What is locked.
    function lockFromCredit(Lock calldata escrow) external;

    /// @notice Gives OCTO that the calling market has locked back to the client. Work that binds its provider and that the
    /// provider failed is recorded as a failure, at the fee it would have paid.
    /// @dev A failure to record never blocks the refund.
    /// @param work The work; its success and speed do not count.
    /// @param failed Whether the provider failed: the work was rejected by a verdict, or expired before it was submitted.
    function refund(Work calldata work, bool failed) external;

    /// @notice Lets escrow under the market's hand serve other work: a child job, or whoever takes a late job over. Only
    /// markets that may lock.
    /// @dev Moves values in flight and no OCTO; the rest of a larger `from` stays under the market's hand. Errors as of the
    /// locks, and SettlementMarketBalanceTooSmall.
    /// @param from The work that it served so far; its whole amount ends as the provider's value in flight.
    /// @param to What it serves from now on.
    /// @param failed Whether the provider of `from` failed, which its record shows.
    function move(Work calldata from, Lock calldata to, bool failed) external;

    /// @notice Gives escrow of ended work back to the work that it came out of. No pause stops it.
    /// @dev Moves values in flight and no OCTO.
    /// @param from The work that has ended.
    /// @param provider Whose value in flight it is again; zero for nobody.
    /// @param failed Whether the provider of `from` failed, which its record shows.
    function moveBack(Work calldata from, address provider, bool failed) external;

    /// @notice Burns OCTO under the market's hand, with the next sweep.
    /// @param amount In wei of OCTO.
    function forfeit(uint128 amount) external;

    /// @notice Records a client's rating of work that the calling market settled.
    /// @dev The market vouches for client, provider and settlement; the registry takes one in 30 days.
    /// @param given The rating.
    function rate(Rating calldata given) external;

    /// @notice Settles a finished piece of work out of what the calling market has locked: records and mints, then pays
    /// provider, orchestrator and the provider's delegators. A failure to record never blocks the payment; it leaves the
    /// delegators without a cut.
    /// @dev Needs a gas limit some 560,000 above what it uses, and gives back what it does not use: so nobody can make
    /// the recording fail by bringing too little gas. Reverts with {SettlementGasTooLow} below that.
    /// @param work The work.
    /// @return paid What the provider received, in wei of OCTO.
    function settle(Work calldata work) external returns (uint256 paid);

    /// @notice Records work whose recording failed when it was settled. Anyone, once.
    /// @param work The work, as {RecordingFailed} shows it.
    /// @param fee Its protocol fee, as {RecordingFailed} shows it.
    function replay(Work calldata work, uint256 fee) external;

    /// @notice Turns OCTO of the caller into credit of `account`, out of the caller's allowance to the vault.
    /// @param account Who is credited.
    /// @param amount In wei of OCTO.
    function deposit(address account, uint128 amount) external;

    /// @notice Takes credit of the caller out. Nobody can block it.
    /// @param to Who receives the OCTO.
    /// @param amount In wei of OCTO.
    function withdraw(address to, uint128 amount) external;

    /// @notice Lets a market spend the caller's credit in hires that the caller makes there, or forbids it.
    /// @param market The market.
    /// @param allowed Whether it may.
    function setCreditConsent(address market, bool allowed) external;

    /// @notice Chooses how the caller is paid.
    /// @param payOut True for a transfer, false for credit.
    function setPayOut(bool payOut) external;

    /// @notice Sends the accrued fees to treasury and Assembly and burns the rest. Anyone.
    function sweep() external;

    /// @notice Takes mint budget out of a role's earmark, before as much OCTO is minted. The engine only.
    /// @param role The role.
    /// @param amount In wei of OCTO.
    function draw(RoleId role, uint128 amount) external;

    /// @notice Gives mint budget of a role's earmark back to everybody. The engine only.
    /// @param role The role.
    /// @param amount In wei of OCTO.
    function giveBack(RoleId role, uint128 amount) external;

    /// @notice Moves mint budget from one role's earmark to another's. The engine only.
    /// @param from The role it leaves.
    /// @param to The role it goes to.
    /// @param amount In wei of OCTO.
    function moveEarmark(RoleId from, RoleId to, uint128 amount) external;

    /// @notice Admits a market, gives it more roles or schedules, or opens it again after its code has changed.
    /// @dev Restricted to MARKET_ACCESS. Bits are only ever added, so that running work can always be settled.
    /// @param market The market.
    /// @param roles Roles to add, as a bitmap; bit 0 is work of no role.
    /// @param schedules Fee schedules to add, as a bitmap.
    function admitMarket(address market, uint32 roles, uint32 schedules) external;

    /// @notice Stops the calling market's new locks until it is admitted again. A market calls it when its code changes;
    /// it does nothing for whom was never admitted.
    function closeMarket() external;

    /// @notice Stops a market's new locks; every exit stays open.
    /// @dev Restricted to GUARDIAN_ACCESS.
    /// @param market The market.
    function pauseMarket(address market) external;

    /// @notice Frees a market's new locks.
    /// @dev Restricted to MARKET_ACCESS.
    /// @param market The market.
    function unpauseMarket(address market) external;

    /// @notice Names where the treasury's leg goes.
    /// @dev Restricted to SINK_ACCESS.
    /// @param treasury The treasury.
    function setTreasury(address treasury) external;

    /// @notice Names where the voters' leg goes.
    /// @dev Restricted to SINK_ACCESS.
    /// @param holders The Assembly; zero burns the leg.
    function setHolders(address holders) external;

    /// @notice A market's row.
    /// @param market The market.
    /// @return The row; its index is 0 if it was never admitted.
    function marketOf(address market) external view returns (Market memory);

    /// @notice An account's row.
    /// @param account The account.
    /// @return The row.
    function accountOf(address account) external view returns (Account memory);

    /// @notice What the vault owes an account.
    /// @param account The account.
    /// @return In wei of OCTO.
    function creditOf(address account) external view returns (uint256);

    /// @notice Accrued fees and committed mint budget.
    /// @return The sums.
    function sums() external view returns (Sums memory);

    /// @notice Mint budget that backs a role's token.
    /// @param role The role.
    /// @return In wei of OCTO.
    function earmarkOf(RoleId role) external view returns (uint256);

    /// @notice What was settled and recorded for a role in an epoch.
    /// @param role The role.
    /// @param epoch The epoch's number since genesis, from 0.
    /// @return In wei of OCTO; each settlement rounded down to gwei.
    function volumeOf(RoleId role, uint256 epoch) external view returns (uint256);

    /// @notice What was settled and recorded for a role in the epochs before one.
    /// @dev Four epochs cost one slot.
    /// @param role The role.
    /// @param epoch The epoch, not counted itself.
    /// @param count How many before it.
    /// @return volumes In wei of OCTO, the latest first; 0 for what would lie before genesis.
    function volumesBefore(RoleId role, uint256 epoch, uint256 count) external view returns (uint256[] memory volumes);

    /// @notice What the epoch's cap still lets work of a role mint now.
    /// @param role The role.
    /// @return In wei of role tokens.
    function mintableOf(RoleId role) external view returns (uint256);

    /// @notice The number of the epoch: whole weeks since genesis.
    /// @return From 0.
    function currentEpoch() external view returns (uint256);

    /// @notice Mint budget that has opened and is not committed yet.
    /// @return In wei of OCTO.
    function openBudget() external view returns (uint256);

    /// @notice How often this work waits to be recorded.
    /// @param work The work.
    /// @param fee Its protocol fee, in wei of OCTO.
    /// @return The number of times it can be replayed.
    function unrecorded(Work calldata work, uint256 fee) external view returns (uint256);

    /// @notice The factory of the role tokens, made by this vault.
    /// @return Its address.
    function roleTokens() external view returns (address);

    /// @notice The token of a role.
    /// @param role The role.
    /// @return Its address.
    function tokenOf(RoleId role) external view returns (address);

    /// @notice Where the treasury's leg goes.
    /// @return The address.
    function treasury() external view returns (address);

    /// @notice Where the voters' leg goes.
    /// @return The address; zero while there is no Assembly.
    function holders() external view returns (address);
}
