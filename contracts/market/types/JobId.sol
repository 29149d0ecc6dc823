// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev A job of the market. Ids count from 1.
type JobId is uint256;
