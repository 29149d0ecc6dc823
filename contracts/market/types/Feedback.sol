// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev An entry without its tags. One slot.
/// @param value The value, with `decimals` decimals.
/// @param weight With what it entered the tally, in gwei of OCTO; 0 if it did not.
/// @param jobId The job it was given for.
/// @param decimals 0 to 18.
/// @param revoked Whether it was taken back.
/// @param tag2IsJob Whether the second tag is the job's number: then it is not kept a second time.
struct Entry {
    int128 value;
    uint64 weight;
    uint40 jobId;
    uint8 decimals;
    bool revoked;
    bool tag2IsJob;
}

/// @dev A tag takes a slot of its own, the empty one none.
/// @param entry All but the tags.
/// @param tag1 The first tag.
/// @param tag2 The second tag, unless it is the job's number.
struct Feedback {
    Entry entry;
    string tag1;
    string tag2;
}

/// @dev Where an entry is among those of an agent.
/// @param client Who gave it.
/// @param index Its number.
struct Place {
    address client;
    uint64 index;
}

/// @dev Responses to an entry.
/// @param count How many.
/// @param by How many by each responder.
struct Responses {
    uint64 count;
    mapping(address responder => uint64 count) by;
}

/// @dev What was said of an agent, by weight. One slot.
/// @param count How many entries count.
/// @param weight The sum of their weights, in gwei of OCTO.
/// @param points The sum of weight times rating, the latter with two decimals: at most 10,000 times `weight`.
struct Tally {
    uint48 count;
    uint96 weight;
    uint112 points;
}
