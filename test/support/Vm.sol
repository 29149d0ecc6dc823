// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev The cheatcodes of Hardhat's Solidity test runner that these tests use. The runner answers at a fixed address.
interface Vm {
    /// @notice The next call, and only it, comes from `caller`. Views count: reckon arguments before.
    function prank(address caller) external;

    /// @notice All calls until {stopPrank} come from `caller`.
    function startPrank(address caller) external;

    /// @notice Ends {startPrank}.
    function stopPrank() external;

    /// @notice Sets the time of the chain; holds for the handler calls that follow, too.
    function warp(uint256 timestamp) external;

    /// @notice The address of a private key.
    function addr(uint256 privateKey) external pure returns (address);

    /// @notice Signs a digest.
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    /// @notice Creation code of a compiled contract, by its name: the very bytes that are deployed elsewhere, whichever
    /// pipeline made them. (`deployCode` is not supported by the runner.)
    function getCode(string calldata artifact) external view returns (bytes memory);

    /// @notice Reads a storage slot.
    function load(address target, bytes32 slot) external view returns (bytes32);

    /// @notice Where the `nonce`-th contract that `deployer` creates will be.
    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);

    /// @notice The next call must revert with exactly this.
    function expectRevert(bytes calldata revertData) external;

    /// @notice Calls of `callee` that start with `data` revert, until {clearMockedCalls}.
    function mockCallRevert(address callee, bytes calldata data, bytes calldata revertData) external;

    /// @notice Ends all mocks.
    function clearMockedCalls() external;
}

Vm constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @dev Brings a random number into a range; one that is in it already stays, so that a counterexample reads as it ran.
function bound(uint256 random, uint256 least, uint256 most) pure returns (uint256) {
    if (least <= random && random <= most) return random;
    return least + (random % (most - least + 1));
}

/// @dev What a law says is equal was not.
error NotEqual(string law, uint256 actual, uint256 expected);
/// @dev What a law says is at most something was more.
error TooMuch(string law, uint256 actual, uint256 limit);
/// @dev A law that is not about two numbers was broken.
error Broken(string law);

function equal(uint256 actual, uint256 expected, string memory law) pure {
    require(actual == expected, NotEqual(law, actual, expected));
}

function atMost(uint256 actual, uint256 limit, string memory law) pure {
    require(actual <= limit, TooMuch(law, actual, limit));
}

function holds(bool condition, string memory law) pure {
    require(condition, Broken(law));
}
