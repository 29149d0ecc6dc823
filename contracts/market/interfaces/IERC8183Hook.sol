// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {JobId} from "../types/JobId.sol";

/// @title ERC-8183: a hook
/// @notice Is told of the steps of a job. Its ERC-165 id is 0x7ff6bc9e.
/// @dev In this market a hook listens and has no veto: it is called with a cap of gas, what it does or fails to do changes
/// nothing of the job, and it cannot call back into the market. `selector` and `data` are those of the reference
/// repository's head, whichever of the two ABIs was called: createJob (client, provider, evaluator), after only;
/// setBudget (caller, token, amount, optParams); fund (caller, optParams); submit (caller, deliverable, optParams);
/// complete and reject (caller, reason, optParams).
interface IERC8183Hook is IERC165 {
    /// @notice A step begins.
    /// @param jobId The job.
    /// @param selector Of the step's function.
    /// @param data Its arguments.
    function beforeAction(JobId jobId, bytes4 selector, bytes calldata data) external;

    /// @notice A step has been taken.
    /// @param jobId The job.
    /// @param selector Of the step's function.
    /// @param data Its arguments.
    function afterAction(JobId jobId, bytes4 selector, bytes calldata data) external;
}
