// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Offence} from "../../registry/types/Offences.sol";

/// @dev What an arbiter decides about a dispute.
/// @param decided False if the panel was tied or too silent even the second time: then nobody has won.
/// @param providerShare The provider's part of the escrow, 0 to 100 percent.
/// @param offends Whether an offence of the provider is named.
/// @param offence Which one, if so.
struct Ruling {
    bool decided;
    uint8 providerShare;
    bool offends;
    Offence offence;
}
