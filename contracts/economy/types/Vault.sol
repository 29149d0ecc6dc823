// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Consents} from "./Consents.sol";

/// @dev A market's row. One slot.
/// @param balance What the market has locked and neither refunded nor settled, in wei of OCTO.
/// @param index Its bit in {Consents}; 0 for a market that was never admitted.
/// @param open Whether it may lock: it closes itself when its code is about to change, and is opened by admission.
/// @param paused Whether its new locks are paused.
/// @param roles The roles it settles work for, as a bitmap; bits are only ever added.
/// @param schedules The fee schedules it settles under, as a bitmap; bits are only ever added.
struct Market {
    uint96 balance;
    uint8 index;
    bool open;
    bool paused;
    uint32 roles;
    uint32 schedules;
}

/// @dev An account's row. One slot.
/// @param credit What the vault owes it, in wei of OCTO.
/// @param inFlight Budgets of unfinished work that binds it as a provider, in wei of OCTO.
/// @param consents What it has agreed to.
struct Account {
    uint96 credit;
    uint96 inFlight;
    Consents consents;
}

/// @dev Sums over all markets. Two slots, both written by every settlement that mints.
/// @param treasury Fees for the treasury since the last sweep, in wei of OCTO.
/// @param burn Fees to burn since the last sweep, in wei of OCTO.
/// @param voters Fees for the voters since the last sweep, in wei of OCTO.
/// @param committed Mint budget that was earmarked, whether minted since or not, in wei of OCTO.
struct Sums {
    uint96 treasury;
    uint96 burn;
    uint96 voters;
    uint96 committed;
}

/// @dev A role's row. One slot.
/// @param earmarked Mint budget that backs this role's token, in wei of OCTO.
/// @param volume Settled for this role in the epoch, in gwei of OCTO.
/// @param mintable What can still be minted for this role in the epoch, in gwei of role tokens.
/// @param epochsBegun The number of the epoch plus 1; 0 before the first work.
struct RoleRow {
    uint96 earmarked;
    uint64 volume;
    uint64 mintable;
    uint32 epochsBegun;
}

/// @dev A role's books.
/// @param row Of the last epoch with work.
/// @param volumes Settled in earlier epochs, in gwei of OCTO: four epochs in a slot, the earliest lowest, by the number of
/// the first divided by four. An epoch without work is 0.
struct RoleBook {
    RoleRow row;
    mapping(uint256 four => uint256 volumes) volumes;
}
