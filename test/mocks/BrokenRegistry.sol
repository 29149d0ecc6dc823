// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {IProviderRegistry} from "../../contracts/registry/interfaces/IProviderRegistry.sol";

/// @title A provider registry whose `record` fails in one of the ways in which code can fail
/// @dev Stands in the proxy of the real one, whose authority it keeps, so that the same administrator can repair it.
contract BrokenRegistry is AccessManagedUpgradeable, UUPSUpgradeable {
    enum Mode {
        Reverts,
        BurnsAllGas,
        ReturnsNothing,
        RevertsWithBomb,
        ReturnsBomb,
        ReturnsGiantScore
    }

    /// @dev Nearly as much as the gas for recording pays for three times: here, in the proxy, and in the vault's call to
    /// itself. So it reaches the vault, which must not copy it once more.
    uint256 private constant REVERT_BOMB = 190_000;
    /// @dev Leaves enough gas to record after it.
    uint256 private constant RETURN_BOMB = 100_000;

    Mode private immutable MODE;

    error BrokenRegistryReverts();

    constructor(Mode mode) {
        MODE = mode;
    }

    /// @notice Fails, or answers nonsense.
    function record(IProviderRegistry.Task calldata) external view returns (uint256 score, uint256 cut, address pools) {
        if (MODE == Mode.Reverts) revert BrokenRegistryReverts();
        if (MODE == Mode.BurnsAllGas) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (MODE == Mode.ReturnsNothing) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        if (MODE == Mode.RevertsWithBomb) {
            assembly {
                revert(0, REVERT_BOMB)
            }
        }
        if (MODE == Mode.ReturnsBomb) {
            assembly {
                mstore(0, 0)
                return(0, RETURN_BOMB)
            }
        }
        return (type(uint256).max, type(uint256).max, address(0xdead));
    }

    function _authorizeUpgrade(address) internal override restricted {}
}
