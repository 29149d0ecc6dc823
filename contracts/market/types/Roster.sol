// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev An arbiter's seat. One slot.
/// @param account Who sits there; zero if nobody does.
/// @param eligibleFrom When its notice is over, Unix seconds.
/// @param score In basis points.
struct Seat {
    address account;
    uint40 eligibleFrom;
    uint16 score;
}

/// @dev The roster. A member keeps its place as long as it is one; places that become free are taken again.
/// @param seats The seats by place, from 0.
/// @param placeOf A member's place plus one; 0 for no member.
/// @param taken The places taken, as a bitmap.
/// @param length One more than the highest place ever taken.
/// @param count How many are members.
struct Roster {
    mapping(uint256 place => Seat seat) seats;
    mapping(address account => uint256 placePlusOne) placeOf;
    uint128 taken;
    uint8 length;
    uint8 count;
}
