// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IRoleToken} from "../../tokens/interfaces/IRoleToken.sol";

/// @dev A role's row. One slot, the only one of the reserve that a swap within an epoch writes.
/// @param held OCTO held for the role, in wei.
/// @param left What the role may still pay out in the epoch, net of what was paid in, in wei of OCTO.
/// @param policy The rate of the policy, in billionths.
/// @param epochsBegun The number of the last epoch with a touch plus 1; 0 before the first.
struct ReserveRow {
    uint96 held;
    uint96 left;
    uint32 policy;
    uint32 epochsBegun;
}

/// @dev What holds for an epoch of a role. One slot.
/// @param beganWith The reserve after the epoch's first touch began it, in wei of OCTO.
/// @param added What the treasury has added in the epoch, in wei of OCTO.
struct ReserveEpoch {
    uint96 beganWith;
    uint96 added;
}

/// @dev A role's books.
struct ReserveBook {
    ReserveRow row;
    ReserveEpoch epoch;
}

/// @dev In memory: a role's reserve as of now, whether or not its row has been touched in this epoch.
/// @param token The role's token.
/// @param supply Of it, in wei.
/// @param held OCTO held for the role, in wei.
/// @param earmarked Mint budget that backs the role, in wei of OCTO.
/// @param policy The rate of the policy, 1e18 for one.
/// @param left What may still be paid out in the epoch, in wei of OCTO.
/// @param epoch The epoch's number since genesis, from 0.
/// @param begins Whether the epoch begins for the role with this touch; the next four are of use only then.
/// @param slashed Role tokens that wait here to be burned together with their share, in wei.
/// @param beganWith The reserve that the epoch begins with, in wei of OCTO.
/// @param givenBack What of that share and of the surplus returns to the mint budget, in wei of OCTO.
/// @param released What of them goes to the treasury, in wei of OCTO.
struct Reserve {
    IRoleToken token;
    uint256 supply;
    uint256 held;
    uint256 earmarked;
    uint256 policy;
    uint256 left;
    uint256 epoch;
    bool begins;
    uint256 slashed;
    uint256 beganWith;
    uint256 givenBack;
    uint256 released;
}

/// @dev In memory: what a sale is worth.
/// @param octoOut To the seller or to the other role, in wei of OCTO.
/// @param fee Burned, in wei of OCTO.
struct Sale {
    uint256 octoOut;
    uint256 fee;
}
