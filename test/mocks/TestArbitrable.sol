// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IArbiter} from "../../contracts/market/interfaces/IArbiter.sol";
import {IArbitrable} from "../../contracts/market/interfaces/IArbitrable.sol";
import {Ruling} from "../../contracts/market/types/Ruling.sol";

/// @title The smallest arbitrable there can be: it brings whatever case it is told to, and notes the rulings
contract TestArbitrable is IArbitrable {
    IArbiter private immutable ARBITER;

    mapping(uint256 caseId => Ruling[] rulings) private _rulings;
    bool private _refusing;
    bytes private _call;

    /// @notice Whether the call that {reenter} ordered succeeded.
    bool public reentrySucceeded;
    /// @notice What it returned, or reverted with.
    bytes public reentryResult;

    error TestArbitrableCallerNotArbiter(address caller);
    error TestArbitrableRefuses(uint256 caseId);

    constructor(IArbiter arbiter) {
        ARBITER = arbiter;
    }

    /// @notice From now on {rule} reverts, or no longer.
    function refuse(bool refusing) external {
        _refusing = refusing;
    }

    /// @notice From now on {rule} makes this call to the arbiter once it has noted the ruling.
    function reenter(bytes calldata data) external {
        _call = data;
    }

    function openCase(address[] calldata parties) external returns (uint256 caseId) {
        return ARBITER.openCase(parties);
    }

    function appeal(uint256 caseId) external {
        ARBITER.appeal(caseId);
    }

    /// @inheritdoc IArbitrable
    function rule(uint256 caseId, Ruling calldata ruling) external {
        require(msg.sender == address(ARBITER), TestArbitrableCallerNotArbiter(msg.sender));
        require(!_refusing, TestArbitrableRefuses(caseId));
        _rulings[caseId].push(ruling);

        if (_call.length != 0) (reentrySucceeded, reentryResult) = address(ARBITER).call(_call);
    }

    /// @notice The rulings that came of a case, in their order.
    function rulingsOf(uint256 caseId) external view returns (Ruling[] memory) {
        return _rulings[caseId];
    }
}
