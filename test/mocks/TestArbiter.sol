// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IArbiter} from "../../contracts/market/interfaces/IArbiter.sol";
import {IArbitrable} from "../../contracts/market/interfaces/IArbitrable.sol";
import {Ruling} from "../../contracts/market/types/Ruling.sol";

/// @title An arbiter that decides what it is told, or refuses everything
contract TestArbiter is IArbiter {
    uint256 public caseCount;
    bool public refuses;

    mapping(uint256 caseId => address arbitrable) private _arbitrables;
    mapping(uint256 caseId => mapping(bool isAppeal => mapping(address account => bool))) private _right;
    mapping(uint256 caseId => mapping(bool isAppeal => uint256)) private _majority;

    event CaseOpened(uint256 indexed caseId, address[] parties);
    event CaseAppealed(uint256 indexed caseId);

    error TestArbiterRefuses();

    function setRefusing(bool on) external {
        refuses = on;
    }

    /// @notice Decides a case, with these accounts as the majority.
    function decide(uint256 caseId, bool isAppeal, Ruling calldata ruling, address[] calldata majority) external {
        for (uint256 i = 0; i < majority.length; ++i) _right[caseId][isAppeal][majority[i]] = true;
        _majority[caseId][isAppeal] = majority.length;
        IArbitrable(_arbitrables[caseId]).rule(caseId, ruling);
    }

    /// @notice Says of a round what is not so.
    function pretend(uint256 caseId, bool isAppeal, address account, uint256 majority) external {
        _right[caseId][isAppeal][account] = true;
        _majority[caseId][isAppeal] = majority;
    }

    /// @inheritdoc IArbiter
    function openCase(address[] calldata parties) external returns (uint256 caseId) {
        require(!refuses, TestArbiterRefuses());
        caseId = ++caseCount;
        _arbitrables[caseId] = msg.sender;
        emit CaseOpened(caseId, parties);
    }

    /// @inheritdoc IArbiter
    function appeal(uint256 caseId) external {
        require(!refuses, TestArbiterRefuses());
        emit CaseAppealed(caseId);
    }

    /// @inheritdoc IArbiter
    function canJudge(address[] calldata) external view returns (bool) {
        return !refuses;
    }

    /// @inheritdoc IArbiter
    function votesOf(
        uint256 caseId,
        bool isAppeal,
        address account
    ) external view returns (bool withMajority, uint256 majority) {
        return (_right[caseId][isAppeal][account], _majority[caseId][isAppeal]);
    }
}
