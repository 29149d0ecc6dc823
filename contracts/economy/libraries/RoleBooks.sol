// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {RoleId} from "../../shared/RoleId.sol";
import {IEmissionSchedule} from "../interfaces/IEmissionSchedule.sol";
import {RoleBook, RoleRow} from "../types/Vault.sol";

/// @title The vault's books of a role: its epochs, its volume and what backs its token
/// @dev An epoch begins with the first work that is recorded in it, which files the volume of the last one and asks the
/// schedule for the cap. Volume and what is left of the cap are kept in whole gwei, volume rounded down and mints up, so
/// that a role's row is one slot.
library RoleBooks {
    uint256 internal constant EPOCH = 7 days;
    uint256 private constant GWEI = 1 gwei;
    uint256 private constant EPOCHS_A_SLOT = 4;
    uint256 private constant VOLUME_BITS = 64;

    /// @dev Brings the row into an epoch.
    /// @return row As of the epoch; the caller stores it.
    function enter(
        RoleBook storage book,
        RoleId role,
        uint256 epoch,
        IEmissionSchedule schedule
    ) internal returns (RoleRow memory row) {
        row = book.row;
        if (row.epochsBegun == epoch + 1) return row;

        if (row.volume != 0) _file(book, row.epochsBegun - 1, row.volume);
        row.mintable = _capOf(book, role, epoch, schedule);
        (row.volume, row.epochsBegun) = (0, uint32(epoch + 1)); // for 80 million years
    }

    /// @dev What of `wanted` the epoch's cap still allows; notes it, and the volume.
    function earmark(RoleRow memory row, uint256 wanted, uint256 volume) internal pure returns (uint256 minted) {
        minted = Math.min(wanted, row.mintable * GWEI);
        row.mintable -= uint64(Math.ceilDiv(minted, GWEI)); // at most itself
        row.earmarked += uint96(minted); // at most the budget
        row.volume = uint64(Math.min(row.volume + volume / GWEI, type(uint64).max)); // 18 billion OCTO a week
    }

    /// @dev What was settled for the role in an epoch, in wei of OCTO, rounded down to gwei.
    function volumeOf(RoleBook storage book, uint256 epoch) internal view returns (uint256) {
        RoleRow memory row = book.row;
        return row.epochsBegun == epoch + 1 ? uint256(row.volume) * GWEI : _filed(book, epoch) * GWEI;
    }

    /// @dev Those of the epochs before one, the latest first; 0 where there was none. Reads each slot once.
    function volumesBefore(
        RoleBook storage book,
        uint256 epoch,
        uint256 count
    ) internal view returns (uint256[] memory volumes) {
        volumes = new uint256[](count);
        RoleRow memory row = book.row;
        uint256 filed;
        uint256 known = Math.min(count, epoch);
        unchecked {
            for (uint256 i = 0; i < known; ++i) {
                uint256 past = epoch - 1 - i;
                if (i == 0 || past % EPOCHS_A_SLOT == EPOCHS_A_SLOT - 1) filed = book.volumes[past / EPOCHS_A_SLOT];
                volumes[i] = GWEI * (row.epochsBegun == past + 1 ? row.volume : _volumeIn(filed, past));
            }
        }
    }

    /// @dev What can still be minted for the role in the epoch, in wei of role tokens.
    function mintableIn(
        RoleBook storage book,
        RoleId role,
        uint256 epoch,
        IEmissionSchedule schedule
    ) internal view returns (uint256) {
        RoleRow memory row = book.row;
        return (row.epochsBegun == epoch + 1 ? row.mintable : _capOf(book, role, epoch, schedule)) * GWEI;
    }

    /// @dev In whole gwei; a cap is below a year's base.
    function _capOf(
        RoleBook storage book,
        RoleId role,
        uint256 epoch,
        IEmissionSchedule schedule
    ) private view returns (uint64) {
        uint256 last = epoch == 0 ? 0 : volumeOf(book, epoch - 1);
        uint256 beforeLast = epoch < 2 ? 0 : volumeOf(book, epoch - 2);
        return uint64(schedule.epochCapOf(role, epoch, last, beforeLast) / GWEI);
    }

    /// @dev Each epoch is filed once.
    function _file(RoleBook storage book, uint256 epoch, uint64 volume) private {
        book.volumes[epoch / EPOCHS_A_SLOT] |= uint256(volume) << _shiftOf(epoch);
    }

    function _filed(RoleBook storage book, uint256 epoch) private view returns (uint256) {
        return _volumeIn(book.volumes[epoch / EPOCHS_A_SLOT], epoch);
    }

    function _volumeIn(uint256 slot, uint256 epoch) private pure returns (uint256) {
        return uint64(slot >> _shiftOf(epoch));
    }

    function _shiftOf(uint256 epoch) private pure returns (uint256) {
        return (epoch % EPOCHS_A_SLOT) * VOLUME_BITS;
    }
}
