// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {Signature} from "../shared/Signature.sol";
import {IERC3009Bytes} from "./interfaces/IERC3009Bytes.sol";

/// @title ERC-3009 with signatures as bytes
/// @dev Adds to OpenZeppelin's ERC-3009 (random nonces, as HTTP 402 clients sign them) the three overloads that take
/// `bytes signature`. OpenZeppelin's own overloads replace random nonces with sequential ones and cannot be used.
/// Validity bounds are timestamps only: OpenZeppelin's block-number clock is switched off, because a bound with bit 47
/// set would otherwise mean something else than what the signer's wallet displayed.
abstract contract ERC3009Bytes is ERC3009, IERC3009Bytes {
    using Signature for bytes;

    /// @inheritdoc IERC3009Bytes
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        _requireSigned(
            from,
            keccak256(
                abi.encode(TRANSFER_WITH_AUTHORIZATION_TYPEHASH, from, to, value, validAfter, validBefore, nonce)
            ),
            signature
        );
        _transferWithAuthorization(from, to, value, validAfter, validBefore, nonce);
    }

    /// @inheritdoc IERC3009Bytes
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        require(to == msg.sender, ERC20InvalidReceiver(to));
        _requireSigned(
            from,
            keccak256(abi.encode(RECEIVE_WITH_AUTHORIZATION_TYPEHASH, from, to, value, validAfter, validBefore, nonce)),
            signature
        );
        _transferWithAuthorization(from, to, value, validAfter, validBefore, nonce);
    }

    /// @inheritdoc IERC3009Bytes
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external {
        _requireSigned(authorizer, keccak256(abi.encode(CANCEL_AUTHORIZATION_TYPEHASH, authorizer, nonce)), signature);
        _cancelAuthorization(authorizer, nonce);
    }

    /// @dev Timestamps only; the strict bounds are those of ERC-3009.
    function _checkValidity(uint256 validAfter, uint256 validBefore) internal view override {
        require(
            validAfter < block.timestamp && block.timestamp < validBefore,
            ERC3009InvalidAuthorizationTime(validAfter, validBefore)
        );
    }

    function _requireSigned(address signer, bytes32 structHash, bytes calldata signature) private view {
        require(signature.isBy(signer, _hashTypedDataV4(structHash)), ERC3009InvalidSignature());
    }
}
