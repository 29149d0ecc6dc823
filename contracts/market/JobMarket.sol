// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IMarket} from "../economy/interfaces/IMarket.sol";
import {Hiring} from "./Hiring.sol";
import {IJobMarket} from "./interfaces/IJobMarket.sol";
import {JobBook} from "./JobBook.sol";
import {JobEnds} from "./JobEnds.sol";

/// @title Job market
/// @dev Holds state and never money: every job's budget lies in the vault. The market is one address and one storage in two
/// contracts, for its code does not fit into one: here is what every job does, hire in one transaction, work and end; whatever else it is asked, it
/// passes on to its annex, {JobMarketAnnex}, by `delegatecall`. Rooms of both: {JobBook} keeps the storage, {Hooked} tells
/// hooks, {Escrow} knows where unspent escrow goes, {Agreements} makes a deal a job.
/// @dev Invariant J-1: this market's balance in the vault = sum of the budgets of jobs Funded, Submitted, Declined or
/// Disputed.
/// @dev Invariant J-2: a job's escrow leaves once: Completed settles it, Rejected and Expired refund it, a verdict splits it,
/// each to the wei.
/// @dev Invariant J-3: from funding on, nothing of a job changes but its status, `markAt`, once its speed, and its budget by
/// what becomes child jobs or comes back from them.
/// @dev Invariant J-4: every job ends by time: Open and Funded by `claimRefund` after the deadline, Submitted by
/// `release` after the review, Declined by `claimRefund` after the answer, Disputed by the desk's own limits.
/// @dev Invariant J-5: of a tree, what was settled plus what was refunded is what its client locked; a child never has more
/// escrow than its parent gave, and what it does not use goes up, never sideways.
///
/// Deliberately not checked: that the deliverable is any good (the evaluator's task), and that a client keeps away from
/// its own other accounts (dealing with oneself is allowed and loses).
contract JobMarket is Hiring, JobEnds, IMarket, AccessManagedUpgradeable, UUPSUpgradeable {
    uint256 private constant MIN_REVIEW = 1 hours;
    uint256 private constant MAX_REVIEW = 6 days;
    uint8 private constant GENESIS_REVIEW_HOURS = 72;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable ANNEX;

    /// @param peers_ The fixed peers.
    /// @param annex_ The market's second half, with the same peers.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Peers memory peers_, address annex_) JobBook(peers_) {
        ANNEX = annex_;
        _disableInitializers();
    }

    /// @notice Passes on what is not answered here.
    /// @dev The annex is as much the market's own code as this is: it runs on the same storage.
    /// @custom:oz-upgrades-unsafe-allow delegatecall
    fallback(bytes calldata input) external returns (bytes memory) {
        return Address.functionDelegateCall(ANNEX, input);
    }

    /// @notice Sets who administers this contract.
    /// @param authority The AccessManager.
    function initialize(address authority) external initializer {
        __EIP712_init("", ""); // name and version are constants, below
        __AccessManaged_init(authority);
        _storage().reviewHours = GENESIS_REVIEW_HOURS;
    }

    /// @inheritdoc IMarket
    function pull(address client, uint256 amount) external {
        require(msg.sender == address(SETTLEMENT), JobMarketCallerNotVault(msg.sender));
        OCTO.transferFrom(client, msg.sender, amount);
    }

    /// @inheritdoc IJobMarket
    function setReviewDuration(uint256 newDuration) external restricted {
        require(
            MIN_REVIEW <= newDuration && newDuration <= MAX_REVIEW && newDuration % 1 hours == 0,
            JobMarketReviewOutOfBounds(newDuration, MIN_REVIEW, MAX_REVIEW)
        );

        emit ReviewDurationSet(reviewDuration(), newDuration);
        _storage().reviewHours = uint8(newDuration / 1 hours); // at most 144
    }

    /// @inheritdoc IJobMarket
    function settlement() external view returns (address) {
        return address(SETTLEMENT);
    }

    /// @inheritdoc IJobMarket
    function annex() external view returns (address) {
        return ANNEX;
    }

    /// @inheritdoc IJobMarket
    function reviewDuration() public view returns (uint256) {
        return _toSeconds(_storage().reviewHours);
    }

    /// @dev New code must belong to the same vault, where the escrow of running jobs lies, and must be admitted by it
    /// before it may lock again.
    function _authorizeUpgrade(address next) internal override restricted {
        address nextVault = IJobMarket(next).settlement();
        require(nextVault == address(SETTLEMENT), JobMarketOtherVault(nextVault, address(SETTLEMENT)));
        SETTLEMENT.closeMarket();
    }
}
