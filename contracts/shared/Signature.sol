// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Who signed?
/// @dev OpenZeppelin's checker asks an account that has code only by ERC-1271. An account that delegates to code
/// (ERC-7702) still has its key, so the key is tried first.
library Signature {
    /// @return Whether `signer` signed `hash`: with its key, or by its ERC-1271.
    function isBy(bytes calldata signature, address signer, bytes32 hash) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(hash, signature);
        if (problem == ECDSA.RecoverError.NoError && recovered == signer) return true;

        return SignatureChecker.isValidERC1271SignatureNowCalldata(signer, hash, signature);
    }
}
