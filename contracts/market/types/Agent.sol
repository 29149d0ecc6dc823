// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Duration} from "../../shared/Duration.sol";

/// @dev Where an agent's wallet comes from.
enum WalletSource {
    /// The owner is the wallet: nothing is stored.
    Owner,
    /// A wallet signed that it is the agent's.
    Named,
    /// There is none: the agent changed hands, or the wallet was unset.
    None
}

/// @dev One slot.
/// @param uriAt The contract whose code is the agent's URI; zero for the empty one.
/// @param walletSource Where the wallet comes from.
struct Agent {
    address uriAt;
    WalletSource walletSource;
}

/// @dev What the owner of an agent offers.
/// @param manifestHash The hash of the agent's manifest.
/// @param price Of one job, in wei of OCTO; whole gwei.
/// @param duration The shortest time for the work that is accepted.
struct Listing {
    bytes32 manifestHash;
    uint128 price;
    Duration duration;
}

/// @dev A published offer as it is stored; all that a market reads is in the first slot.
/// @param provider Who does the work; zero if the agent is not published.
/// @param priceGwei Of one job, in gwei of OCTO.
/// @param duration The shortest time for the work.
/// @param manifestHash The hash of the manifest. (Slot 1.)
struct Offer {
    address provider;
    uint64 priceGwei;
    Duration duration;
    bytes32 manifestHash;
}
