// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev What a provider can be slashed for. See {OffenceTable} for what each costs.
enum Offence {
    Downtime,
    ExtendedDowntime,
    PoorResult,
    SlaViolation,
    DataMishandling,
    Fraud,
    ProtocolAttack
}

/// @dev The two lanes of a position; each slasher has its authority in one or in both.
enum Lane {
    Octo,
    RoleTokens
}

/// @dev What an offence costs.
/// @param octoShare Of the OCTO stake, in basis points.
/// @param roleShare Of the role-token stake, in basis points.
/// @param points Of each average of the score.
/// @param ban Whether the account is banned.
struct Price {
    uint256 octoShare;
    uint256 roleShare;
    uint256 points;
    bool ban;
}
