// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IMarket} from "../../contracts/economy/interfaces/IMarket.sol";

/// @title A market that does whatever it is told to, by anyone
/// @notice Once admitted by the vault, it shows what an admitted market cannot do to the clients of another one.
contract RogueMarket is IMarket {
    using Address for address;

    struct Act {
        address target;
        bytes data;
    }

    Act[] private _inPlaceOfPaying;

    /// @notice Adds a call that {pull} makes in place of paying.
    function prepare(address target, bytes calldata data) external {
        _inPlaceOfPaying.push(Act({target: target, data: data}));
    }

    /// @notice Makes a call as this market; its error is passed on.
    function run(address target, bytes calldata data) external {
        target.functionCall(data);
    }

    /// @inheritdoc IMarket
    function pull(address, uint256) external {
        for (uint256 i = 0; i < _inPlaceOfPaying.length; ++i) {
            _inPlaceOfPaying[i].target.functionCall(_inPlaceOfPaying[i].data);
        }
    }
}
