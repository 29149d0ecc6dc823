// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Suite} from "../../support/SuiteFixture.sol";
import {AdminHandler} from "./AdminHandler.sol";
import {DisputeEndHandler} from "./DisputeEndHandler.sol";
import {ExchangeHandler} from "./ExchangeHandler.sol";
import {Handler} from "./Handler.sol";
import {ProbeHandler} from "./ProbeHandler.sol";
import {TokenHandler} from "./TokenHandler.sol";

/// @title Everything anybody can do, in one contract, so that all handlers keep the same books
contract EconomyHandler is ProbeHandler, ExchangeHandler, DisputeEndHandler, TokenHandler, AdminHandler {
    constructor(Suite memory suite_) Handler(suite_) {}
}
