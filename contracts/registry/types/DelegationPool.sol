// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../shared/RoleId.sol";

/// @dev A pool of delegated stake: two slots, and the rows of who is in it or leaves it.
/// @param stake Delegated and not leaving, in wei of OCTO; never more than there are shares. (Slot 0.)
/// @param shares Shares of it; none without stake.
/// @param cutPlusOne The delegators' cut in basis points plus 1; 0 if it was never set.
/// @param nextCut The announced cut, in basis points.
/// @param nextCutDay From which day since 1970 it holds; 0 if none is announced.
/// @param index What one share ever earned, in wei of OCTO times 1e18. (Slot 1.)
/// @param generation How often the pool lost everything.
/// @param frozen Sum of the parts of each exposed exit that open disputes keep, in basis points; 10,000 and more is all.
/// @param frozenFrom The first day whose exits they keep; 0 while there are none.
/// @param delegations By delegator.
/// @param owed Earned before the delegator's stake last changed and not claimed, in wei of OCTO.
/// @param lastIndex What `index` was when a generation ended.
/// @param exits What leaves, by the day on which it is free.
/// @param exitRows Whose it is.
/// @param closedExits Exits of a day that lost nearly everything before others of that day came, by their generation.
struct DelegationPool {
    uint96 stake;
    uint112 shares;
    uint16 cutPlusOne;
    uint16 nextCut;
    uint16 nextCutDay;
    uint112 index;
    uint24 generation;
    uint32 frozen;
    uint16 frozenFrom;
    mapping(address delegator => Delegation delegation) delegations;
    mapping(address delegator => uint256 amount) owed;
    mapping(uint256 generation => uint256 index) lastIndex;
    mapping(uint256 day => ExitBucket bucket) exits;
    mapping(uint256 day => mapping(address delegator => ExitRow row)) exitRows;
    mapping(uint256 day => mapping(uint256 generation => ExitBucket bucket)) closedExits;
}

/// @dev A delegator's stake. One slot.
/// @param shares Its shares of the pool; worth nothing if the pool is in a later generation.
/// @param paidIndex The pool's index up to which its earnings are booked.
/// @param generation The pool's, when the shares were bought.
/// @param owed Whether the pool owes it more than its shares have pending: who has nothing there reads nothing there.
struct Delegation {
    uint112 shares;
    uint112 paidIndex;
    uint24 generation;
    bool owed;
}

/// @dev All exits of a pool and a day. One slot.
/// @param tokens In wei of OCTO; never more than there are shares.
/// @param shares Shares of them.
/// @param generation How often these exits were closed for those who came later on the day.
struct ExitBucket {
    uint96 tokens;
    uint112 shares;
    uint32 generation;
}

/// @dev A delegator's exits of a day. One slot.
/// @param shares Its shares of the bucket, what is paid out already included.
/// @param paid Shares paid out while a dispute kept the rest.
/// @param generation The bucket's, when the shares were given.
struct ExitRow {
    uint112 shares;
    uint112 paid;
    uint32 generation;
}

/// @dev What an open dispute keeps of a pool's exits. One slot.
/// @param provider The provider; zero for a dispute that keeps nothing.
/// @param role The role.
/// @param share Of each exposed exit, in basis points.
struct DelegationFreeze {
    address provider;
    RoleId role;
    uint16 share;
}
