// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {IERC8183Hook} from "./interfaces/IERC8183Hook.sol";
import {JobBook} from "./JobBook.sol";
import {EXTENDED, Job} from "./types/Job.sol";
import {JobId} from "./types/JobId.sol";

/// @title Hooks of jobs
/// @dev A hook is told and never asked. It gets a fixed cap of gas, its failure is noted and passes, nothing that it returns
/// is read, and while it runs every door of the market is shut, so that it cannot make the caller's step fail either.
abstract contract Hooked is JobBook {
    uint256 private constant HOOK_GAS = 150_000;
    /// @dev What must be left for it: 64/63 of it, because a call passes on at most that much, and the note of a failure.
    uint256 private constant HOOK_GAS_FLOOR = HOOK_GAS + HOOK_GAS / 63 + 10_000;

    function _hookOf(JobId jobId, Job storage job) internal view returns (address) {
        if (!job.state.has(EXTENDED) || !_storage().extras[jobId].hooked) return address(0);
        return _storage().hooks[jobId];
    }

    /// @dev The steps that carry one word: a deliverable or a reason.
    function _tellStep(
        address hook,
        JobId jobId,
        bool isDone,
        bytes4 selector,
        bytes32 word,
        bytes calldata optParams
    ) internal {
        if (hook != address(0)) _tell(hook, jobId, isDone, selector, abi.encode(msg.sender, word, optParams));
    }

    function _tell(address hook, JobId jobId, bool isDone, bytes4 selector, bytes memory data) internal nonReentrant {
        require(gasleft() >= HOOK_GAS_FLOOR, JobMarketGasTooLow(gasleft(), HOOK_GAS_FLOOR));
        // An account whose code is gone would make the call revert, not fail.
        bool heard =
            hook.code.length != 0 &&
                (isDone ? _after(hook, jobId, selector, data) : _before(hook, jobId, selector, data));
        if (!heard) emit HookFailed(jobId, hook, selector);
    }

    function _requireHook(address hook) internal view {
        require(
            hook == address(0) || ERC165Checker.supportsInterface(hook, type(IERC8183Hook).interfaceId),
            JobMarketInvalidHook(hook)
        );
    }

    function _before(address hook, JobId jobId, bytes4 selector, bytes memory data) private returns (bool) {
        // Without a parameter, so that no data of a failure is copied.
        try IERC8183Hook(hook).beforeAction{gas: HOOK_GAS}(jobId, selector, data) {
            return true;
        } catch {
            return false;
        }
    }

    function _after(address hook, JobId jobId, bytes4 selector, bytes memory data) private returns (bool) {
        try IERC8183Hook(hook).afterAction{gas: HOOK_GAS}(jobId, selector, data) {
            return true;
        } catch {
            return false;
        }
    }
}
