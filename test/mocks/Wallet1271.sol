// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title A contract wallet whose one owner signs for it until he is revoked
contract Wallet1271 is IERC1271 {
    /// @notice Who signs; the zero address once revoked.
    address public owner;

    error Wallet1271CallerNotOwner(address caller, address owner);

    constructor(address owner_) {
        owner = owner_;
    }

    /// @notice From now on nothing that the owner signed, or signs, is valid.
    function revoke() external {
        require(msg.sender == owner, Wallet1271CallerNotOwner(msg.sender, owner));
        owner = address(0);
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer, ECDSA.RecoverError err, ) = ECDSA.tryRecoverCalldata(hash, signature);
        bool valid = err == ECDSA.RecoverError.NoError && signer == owner;
        return valid ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
