// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IMarket} from "../../economy/interfaces/IMarket.sol";
import {IERC8183} from "./IERC8183.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {IJobMarketAnnex} from "./IJobMarketAnnex.sol";

/// @title The whole job market, as whoever calls it sees it
/// @notice One address answers all of this; that its code lies in two contracts concerns nobody but itself.
interface IWholeJobMarket is IERC8183, IJobMarket, IJobMarketAnnex, IMarket {}
