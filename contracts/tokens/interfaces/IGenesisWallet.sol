// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title The wallet of a part of the genesis supply
/// @notice Holds one allocation for one beneficiary and pays it out as it becomes free. Nobody can take it back.
/// @dev Paying out and the change of the beneficiary are OpenZeppelin's `VestingWallet` and `Ownable2Step`:
///
/// - `release(token)`, by anyone, sends the beneficiary what is free and not paid yet; `releasable(token)` is that sum,
///   `released(token)` what was paid, `vestedAmount(token, timestamp)` what is free by a moment, paid or not.
/// - `release()`, `releasable()`, `released()` and `vestedAmount(timestamp)` are the same for ETH.
/// - `owner()` is the beneficiary. `transferOwnership(next)` by him names another (the zero address takes that back), and
///   `acceptOwnership()` by the other makes him the beneficiary of all that is not paid yet. `renounceOwnership()` reverts.
/// - `start()` is genesis for the wallet: its own deployment, minutes before that of the token, which mints to it.
///
/// The wallet is deployed before the token and does not know its address. Its allocation is of whatever token it was ever
/// given at least {allocation} of; every token is counted for itself. What came in beyond {allocation}, a token that came in
/// smaller sums, and ETH are free from `end()` on.
///
/// The wallet has no function that could stake, delegate, vote or approve: what is not paid out yet only waits.
interface IGenesisWallet {
    /// @notice The wallet was made for no amount.
    error GenesisWalletZeroAllocation();

    /// @notice The last part would be free too late: the times are not in seconds, or wrong.
    /// @param span When it would be free, in seconds after genesis.
    /// @param limit The latest that is taken.
    error GenesisWalletSpanTooLong(uint256 span, uint256 limit);

    /// @notice A wallet without a beneficiary would lose what it holds.
    error GenesisWalletNotRenounceable();

    /// @notice What the wallet was made for, fixed at its deployment.
    /// @return The amount, in wei of the allocated token.
    function allocation() external view returns (uint256);

    /// @notice The part of {allocation} that has vested by now, free or not, paid out or not.
    /// @return The amount, in wei of the allocated token.
    function vested() external view returns (uint256);

    /// @notice The part of {allocation} that is free by now, paid out or not.
    /// @return The amount, in wei of the allocated token.
    function free() external view returns (uint256);

    /// @notice When the next part is free, as far as it is known by now.
    /// @return Unix seconds; 0 if nothing is under way.
    function nextFreeAt() external view returns (uint256);
}
