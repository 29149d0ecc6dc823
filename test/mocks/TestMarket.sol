// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IMarket} from "../../contracts/economy/interfaces/IMarket.sol";
import {ISettlement} from "../../contracts/economy/interfaces/ISettlement.sol";

/// @title The smallest market there can be: whoever calls it calls the vault in its name
/// @dev It keeps no jobs and asks nobody for consent, so that a test reaches every path of the vault, also those that no
/// honest market takes. In {pull} it does what it was told to.
contract TestMarket is IMarket {
    /// @dev What {pull} brings: as much as was asked for, a wei less, a wei more, or nothing.
    enum Pull {
        Exact,
        Less,
        More,
        Nothing
    }

    IERC20 private immutable OCTO;
    ISettlement private immutable VAULT;

    Pull private _pull;
    address private _target;
    bytes private _data;

    /// @notice How often {pull} has made the call that {reenter} ordered.
    uint256 public reentries;
    /// @notice Whether the last of them succeeded.
    bool public reentrySucceeded;
    /// @notice What the last of them returned, or reverted with.
    bytes public reentryResult;

    error TestMarketCallerNotVault(address caller);

    constructor(IERC20 octo, ISettlement vault) {
        OCTO = octo;
        VAULT = vault;
    }

    // What to do in the call-back

    /// @notice From now on {pull} brings this much.
    function misbehave(Pull pull_) external {
        _pull = pull_;
    }

    /// @notice From now on {pull} makes this call first and notes what came of it.
    function reenter(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    /// @inheritdoc IMarket
    function pull(address client, uint256 amount) external {
        require(msg.sender == address(VAULT), TestMarketCallerNotVault(msg.sender));
        if (_target != address(0)) {
            ++reentries;
            (reentrySucceeded, reentryResult) = _target.call(_data);
        }

        if (_pull == Pull.Nothing) return;
        if (_pull == Pull.Less) amount -= 1;
        if (_pull == Pull.More) amount += 1;
        OCTO.transferFrom(client, address(VAULT), amount);
    }

    // The vault's functions for markets

    function lockByApproval(ISettlement.Lock calldata terms, bool payOutByDefault) external {
        VAULT.lockByApproval(terms, payOutByDefault);
    }

    function lockByAuthorization(
        ISettlement.Lock calldata terms,
        ISettlement.Authorization calldata authorization
    ) external {
        VAULT.lockByAuthorization(terms, authorization);
    }

    function lockFromCredit(ISettlement.Lock calldata terms) external {
        VAULT.lockFromCredit(terms);
    }

    function refund(ISettlement.Work calldata work, bool failed) external {
        VAULT.refund(work, failed);
    }

    function rate(ISettlement.Rating calldata given) external {
        VAULT.rate(given);
    }

    function settle(ISettlement.Work calldata work) external returns (uint256 paid) {
        return VAULT.settle(work);
    }

    function closeMarket() external {
        VAULT.closeMarket();
    }

    /// @notice Any other call in the market's name, and several of them in one transaction.
    function batch(address[] calldata targets, bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool success, bytes memory result) = targets[i].call(calls[i]);
            if (success) continue;
            assembly ("memory-safe") {
                revert(add(result, 0x20), mload(result))
            }
        }
    }
}
