// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {ReserveBook} from "../../contracts/economy/types/Reserve.sol";
import {Bps} from "../../contracts/shared/Bps.sol";
import {RoleId} from "../../contracts/shared/RoleId.sol";

/// @title A conversion engine that must not be upgraded to: a figure has pushed the reserves out of their slot
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract ConversionEngineBrokenV2 is AccessManagedUpgradeable, UUPSUpgradeable {
    struct Parameters {
        Bps spread;
        Bps payOutShare;
        uint128 payOutFloor;
    }

    /// @custom:storage-location erc7201:cipherocto.storage.ConversionEngine
    struct ConversionEngineStorage {
        uint256 intruder;
        mapping(RoleId role => ReserveBook book) books;
        mapping(RoleId role => mapping(address account => uint256 amount)) sold;
        Parameters parameters;
    }

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address, address, address) {
        _disableInitializers();
    }

    function _authorizeUpgrade(address) internal override restricted {}
}
