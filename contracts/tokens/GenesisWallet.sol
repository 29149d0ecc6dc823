// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {VestingWallet} from "@openzeppelin/contracts/finance/VestingWallet.sol";
import {IGenesisWallet} from "./interfaces/IGenesisWallet.sol";

/// @title What the wallets of the genesis supply have in common
/// @dev OpenZeppelin's wallet releases a share of whatever came in; this one counts from a sum fixed at deployment, so
/// that nothing which comes in later moves a part forward.
abstract contract GenesisWallet is IGenesisWallet, VestingWallet, Ownable2Step {
    uint256 private constant MAX_SPAN = 100 * 365 days;

    uint256 private immutable ALLOCATION;

    /// @param beneficiary Who is paid.
    /// @param allocation_ What the wallet is for, in wei.
    /// @param span From when on everything is free, in seconds after genesis.
    constructor(
        address beneficiary,
        uint256 allocation_,
        uint256 span
    ) VestingWallet(beneficiary, uint64(block.timestamp), uint64(span)) {
        require(allocation_ != 0, GenesisWalletZeroAllocation());
        require(span <= MAX_SPAN, GenesisWalletSpanTooLong(span, MAX_SPAN));
        ALLOCATION = allocation_;
    }

    /// @inheritdoc Ownable
    /// @dev Always refused: nobody could be paid any more.
    function renounceOwnership() public pure override {
        revert GenesisWalletNotRenounceable();
    }

    /// @inheritdoc Ownable2Step
    function transferOwnership(address newOwner) public override(Ownable, Ownable2Step) {
        super.transferOwnership(newOwner);
    }

    /// @inheritdoc IGenesisWallet
    function allocation() public view returns (uint256) {
        return ALLOCATION;
    }

    /// @inheritdoc IGenesisWallet
    function free() external view returns (uint256) {
        return _freeAt(block.timestamp);
    }

    function _transferOwnership(address newOwner) internal override(Ownable, Ownable2Step) {
        super._transferOwnership(newOwner);
    }

    /// @dev `total` is what of a token ever came in. Less than the allocation is none, and waits for the end.
    function _vestingSchedule(uint256 total, uint64 timestamp) internal view virtual override returns (uint256) {
        if (timestamp >= end()) return total;
        return timestamp < start() || total < ALLOCATION ? 0 : _freeAt(timestamp);
    }

    /// @return What of the allocation is free at a moment not before genesis.
    function _freeAt(uint256 timestamp) internal view virtual returns (uint256);
}
