// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title Who decides disputes
/// @notice A market brings a case and is told the ruling. The panel of the public roster is one arbiter; the Contribution
/// Council or an adapter to an external court can be another, and the market does not change.
/// @dev An arbiter holds no money and cannot keep any from leaving: whoever brings a case ends it without a ruling when
/// none has come in time.
interface IArbiter {
    /// @notice Whether a case between these accounts could be judged now: enough arbiters are neither of them.
    /// @param parties Who may not judge.
    /// @return True if so.
    function canJudge(address[] calldata parties) external view returns (bool);

    /// @notice Brings a case; its ruling comes by {IArbitrable-rule}. Only an arbitrable that the arbiter serves.
    /// @param parties Who may not judge.
    /// @return caseId The case's number, from 1.
    function openCase(address[] calldata parties) external returns (uint256 caseId);

    /// @notice Appeals the panel's ruling to all arbiters; once a case. Only the arbitrable that brought the case.
    /// @param caseId The case.
    function appeal(uint256 caseId) external;

    /// @notice Whether an account voted for what a round decided, and how many did.
    /// @param caseId The case.
    /// @param isAppeal False for the panel's round that decided, true for the appeal's.
    /// @param account The account.
    /// @return withMajority True if it did.
    /// @return majority How many did; 0 while the round has not decided, or if it decided nothing.
    function votesOf(
        uint256 caseId,
        bool isAppeal,
        address account
    ) external view returns (bool withMajority, uint256 majority);
}
