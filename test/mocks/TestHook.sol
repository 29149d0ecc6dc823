// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC8183Hook} from "../../contracts/market/interfaces/IERC8183Hook.sol";
import {JobId} from "../../contracts/market/types/JobId.sol";

/// @title A hook that does what it is told, and remembers nothing when it fails
contract TestHook is ERC165, IERC8183Hook {
    enum Mood {
        Quiet,
        Reverting,
        Burning,
        Bombing,
        Calling
    }

    Mood private _mood;
    address private _target;
    bytes private _data;

    /// @notice The hook was told.
    event Heard(JobId indexed jobId, bool indexed isDone, bytes4 selector, bytes data);
    /// @notice What came of the call back.
    event Called(bool success, bytes result);

    error TestHookReverts();

    function setMood(Mood mood) external {
        _mood = mood;
    }

    /// @notice From now on the hook calls back whenever it is told.
    function setCall(address target, bytes calldata data) external {
        (_mood, _target, _data) = (Mood.Calling, target, data);
    }

    /// @inheritdoc IERC8183Hook
    function beforeAction(JobId jobId, bytes4 selector, bytes calldata data) external {
        _hear(jobId, false, selector, data);
    }

    /// @inheritdoc IERC8183Hook
    function afterAction(JobId jobId, bytes4 selector, bytes calldata data) external {
        _hear(jobId, true, selector, data);
    }

    function supportsInterface(bytes4 interfaceId) public view override(ERC165, IERC165) returns (bool) {
        // The id that the standard gives, of its own two functions.
        return interfaceId == 0x7ff6bc9e || super.supportsInterface(interfaceId);
    }

    function _hear(JobId jobId, bool isDone, bytes4 selector, bytes calldata data) private {
        if (_mood == Mood.Reverting) revert TestHookReverts();
        if (_mood == Mood.Burning) {
            while (true) {}
        }
        if (_mood == Mood.Bombing) {
            assembly ("memory-safe") {
                revert(0, 100000)
            }
        }
        emit Heard(jobId, isDone, selector, data);
        if (_mood == Mood.Calling) {
            (bool success, bytes memory result) = _target.call(_data);
            emit Called(success, result);
        }
    }
}
