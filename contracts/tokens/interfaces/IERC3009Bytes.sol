// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC3009, IERC3009Cancel} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";

/// @title ERC-3009 with signatures as bytes
/// @notice The three calls of ERC-3009 that take `bytes signature`, as the clients of HTTP 402 and contract wallets
/// send them.
/// @dev Same typed data, nonces and events as the calls with `v, r, s`. ERC-1271 signers are accepted, and an account
/// with code that has signed with its own key (ERC-7702) is too.
interface IERC3009Bytes is IERC3009, IERC3009Cancel {
    /// @notice Moves tokens by a signed authorization; anyone may submit it.
    /// @param from The signer, who pays.
    /// @param to Who is paid.
    /// @param value The amount, in wei.
    /// @param validAfter Unix seconds; valid strictly after it.
    /// @param validBefore Unix seconds; valid strictly before it.
    /// @param nonce Any unused 32 bytes.
    /// @param signature 65 bytes of an account, or what a contract's ERC-1271 accepts.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Moves tokens by a signed authorization that only the payee may submit.
    /// @param from The signer, who pays.
    /// @param to Who is paid; the caller.
    /// @param value The amount, in wei.
    /// @param validAfter Unix seconds; valid strictly after it.
    /// @param validBefore Unix seconds; valid strictly before it.
    /// @param nonce Any unused 32 bytes.
    /// @param signature 65 bytes of an account, or what a contract's ERC-1271 accepts.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Makes a signed authorization worthless.
    /// @param authorizer The signer.
    /// @param nonce The nonce of the authorization.
    /// @param signature The signer's signature over the cancellation.
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external;
}
