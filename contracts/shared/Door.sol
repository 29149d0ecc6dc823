// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";

/// @title An address for a contract that does not exist yet
/// @dev Fixed peers know each other as immutables, so addresses come before code: a proxy is made on this door, its
/// address is given to the others, and the real implementation *enters* by one `upgradeToAndCall(impl, initialize())`.
/// The door has no storage. Only its builder can pass somebody through, and once somebody has, the door is gone.
contract Door is UUPSUpgradeable {
    /// @notice The only account that may let an implementation enter.
    address public immutable BUILDER;

    /// @notice Somebody else than the builder tried to enter.
    /// @param caller Who tried.
    /// @param builder Who may.
    error DoorCallerNotBuilder(address caller, address builder);

    /// @param builder The account that deploys the suite.
    constructor(address builder) {
        BUILDER = builder;
    }

    /// @notice Does nothing: a proxy must be made with a call.
    function open() external pure {}

    function _authorizeUpgrade(address) internal view override {
        require(msg.sender == BUILDER, DoorCallerNotBuilder(msg.sender, BUILDER));
    }
}
