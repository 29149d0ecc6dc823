// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev A request for validation and its last answer.
/// @param validator Who is asked; zero if there is no such request. (Slot 0.)
/// @param response The last answer, 0 to 100.
/// @param answered Whether there is one.
/// @param updatedAt When it was given, or the request made.
/// @param agentId The agent whose work it is. (Slot 1.)
/// @param requestHash What the requester calls it. (Slot 2.)
/// @param responseHash The hash of the answer's explanation. (Slot 3.)
/// @param tag What the answer is about. (Slot 4.)
struct Validation {
    address validator;
    uint8 response;
    bool answered;
    uint40 updatedAt;
    uint256 agentId;
    bytes32 requestHash;
    bytes32 responseHash;
    string tag;
}
