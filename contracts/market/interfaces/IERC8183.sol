// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC8183Events} from "./IERC8183Events.sol";
import {IERC8183Proposals} from "./IERC8183Proposals.sol";
import {IERC8183Work} from "./IERC8183Work.sol";

/// @title ERC-8183: agentic commerce
/// @notice A job with escrow between a client and a provider, ended by an evaluator.
/// @dev The functions of the reference repository's head, the events of the ERC's text. Draft of March 2026.
interface IERC8183 is IERC8183Events, IERC8183Proposals, IERC8183Work {}
