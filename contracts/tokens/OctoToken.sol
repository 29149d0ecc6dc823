// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IOctoToken} from "./interfaces/IOctoToken.sol";
import {MintBudget} from "./libraries/MintBudget.sol";
import {ERC3009Bytes} from "./ERC3009Bytes.sol";

/// @title OCTO, the sovereign token of the CipherOcto network
/// @dev Invariant T-1: `everMinted <= cap`, whatever was burned.
/// @dev Invariant T-2: `mintedFromBudget <= budgetOpened`, at every moment.
/// @dev Invariant T-3: only the engine's address, fixed at deployment, mints after genesis.
/// Transfers are OpenZeppelin's own: no hook stands between a holder and his tokens.
contract OctoToken is IOctoToken, ERC20Burnable, ERC20Permit, ERC3009Bytes {
    uint256 private constant CAP = 10_000_000_000e18;
    uint256 private constant GENESIS_SUPPLY = CAP - MintBudget.TOTAL;

    address private immutable ENGINE;
    uint256 private immutable GENESIS_AT;

    /// @inheritdoc IOctoToken
    uint256 public mintedFromBudget;

    /// @param engine_ The conversion engine: the only minter, for ever.
    /// @param allocations Who receives the genesis supply; adds up to 5 billion OCTO exactly.
    constructor(
        address engine_,
        Allocation[] memory allocations
    ) ERC20("CipherOcto", "OCTO") ERC20Permit("CipherOcto") {
        require(engine_ != address(0), OctoTokenZeroEngine());
        ENGINE = engine_;
        GENESIS_AT = block.timestamp;

        for (uint256 i = 0; i < allocations.length; ++i) {
            _mint(allocations[i].recipient, allocations[i].amount);
        }
        require(totalSupply() == GENESIS_SUPPLY, OctoTokenGenesisSumMismatch(totalSupply(), GENESIS_SUPPLY));
    }

    /// @inheritdoc IOctoToken
    function mint(address to, uint256 amount) external {
        require(msg.sender == ENGINE, OctoTokenCallerNotEngine(msg.sender, ENGINE));
        uint256 available = budgetOpened() - mintedFromBudget;
        require(amount <= available, OctoTokenBudgetExceeded(amount, available));

        mintedFromBudget += amount;
        emit BudgetMinted(to, amount, mintedFromBudget);
        _mint(to, amount);
    }

    /// @inheritdoc IOctoToken
    function everMinted() external view returns (uint256) {
        return GENESIS_SUPPLY + mintedFromBudget;
    }

    /// @inheritdoc IOctoToken
    function genesisAt() external view returns (uint256) {
        return GENESIS_AT;
    }

    /// @inheritdoc IOctoToken
    function engine() external view returns (address) {
        return ENGINE;
    }

    /// @inheritdoc IOctoToken
    function cap() external pure returns (uint256) {
        return CAP;
    }

    /// @inheritdoc IOctoToken
    function budgetOpened() public view returns (uint256) {
        return MintBudget.opened(block.timestamp - GENESIS_AT);
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(IERC20Permit, ERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }

    /// @inheritdoc ERC20Burnable
    function burn(uint256 value) public override(IOctoToken, ERC20Burnable) {
        super.burn(value);
    }

    /// @inheritdoc ERC20Burnable
    function burnFrom(address account, uint256 value) public override(IOctoToken, ERC20Burnable) {
        super.burnFrom(account, value);
    }
}
