import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";

import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import upgrades from "@openzeppelin/hardhat-upgrades";
import { configVariable, defineConfig } from "hardhat/config";

import { octoTasks } from "./scripts/tasks/index.ts";

// The compiler is the pinned npm package `solc`, so that a build needs no download.
const compiler = (viaIR: boolean, runs = 10_000) => ({
  version: "0.8.37",
  path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
  settings: {
    viaIR,
    evmVersion: "cancun",
    optimizer: { enabled: true, runs },
    metadata: { bytecodeHash: "none" },
    outputSelection: { "*": { "*": ["storageLayout"] } },
  },
});

// Both profiles are one constant, so that what is tested is what is deployed.
const build = {
  isolated: false,
  compilers: [compiler(false)],
  // The hot path pays for the slower pipeline: it was measured to save gas there.
  overrides: {
    "contracts/tokens/OctoToken.sol": compiler(true),
    "contracts/tokens/AllocationVesting.sol": compiler(true),
    "contracts/tokens/MilestoneVesting.sol": compiler(true),
    // The vault's constructor makes these two, so they are what is deployed only when compiled as the vault is.
    "contracts/tokens/RoleToken.sol": compiler(true, 2_000),
    "contracts/tokens/RoleTokenFactory.sol": compiler(true, 2_000),
    // As many runs as fit into a contract, here and below.
    "contracts/economy/Settlement.sol": compiler(true, 2_000),
    "contracts/economy/ConversionEngine.sol": compiler(true),
    "contracts/market/JobMarket.sol": compiler(true, 2_000),
    "contracts/market/JobMarketAnnex.sol": compiler(true, 500),
    "contracts/market/DisputeDesk.sol": compiler(true, 200),
    "contracts/market/AgentRegistry.sol": compiler(true),
    "contracts/market/AgentReputation.sol": compiler(true),
    "contracts/market/AgentValidation.sol": compiler(true),
    // Optimized for size, so that it fits into a contract.
    "contracts/registry/ProviderRegistry.sol": compiler(true, 1),
    "test/mocks/ProviderRegistryV2.sol": compiler(true, 1),
    "test/mocks/ConversionEngineV2.sol": compiler(true),
    "test/mocks/JobMarketV2.sol": compiler(true, 2_000),
    "test/mocks/DisputeDeskV2.sol": compiler(true, 200),
    "test/mocks/AgentRegistryV2.sol": compiler(true),
    "test/mocks/AgentReputationV2.sol": compiler(true),
    "test/mocks/AgentValidationV2.sol": compiler(true),
    "contracts/registry/DelegationPools.sol": compiler(true),
    "contracts/registry/SlashingDesk.sol": compiler(true),
    // Its draw has more variables at once than the other pipeline holds.
    "contracts/market/PanelArbiter.sol": compiler(true),
  },
};

// Instrumented contracts are larger and not what is deployed, so they are kept apart. (Hardhat itself sets "false".)
const coverage = process.env["HARDHAT_COVERAGE"] === "true";

const deep = process.env["DEEP"] !== undefined;
// Printed by a failure; FUZZ_SEED tries the same inputs again.
const seed = process.env["FUZZ_SEED"] ?? `0x${deep ? randomBytes(32).toString("hex") : "8183".padStart(64, "0")}`;

export default defineConfig({
  plugins: [toolbox, upgrades],
  tasks: octoTasks,
  solidity: {
    profiles: { default: build, production: build },
    npmFilesToBuild: [
      "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol",
      "@openzeppelin/contracts/access/manager/AccessManager.sol",
    ],
  },
  paths: {
    ignition: "deploy",
    tests: { solidity: "test" },
    ...(coverage ? { artifacts: "coverage/artifacts", cache: "coverage/cache" } : {}),
  },
  coverage: { skipFiles: ["test/**"] },
  typechain: { outDir: "typechain-types", dontOverrideCompile: true },
  test: {
    mocha: { timeout: 120_000 },
    // With DEEP=1 (npm run test:deep) the properties are tried on more and on other inputs each time.
    solidity: {
      fuzz: { runs: deep ? 5_000 : 256, seed },
      invariant: { runs: deep ? 300 : 64, depth: 64, failOnRevert: true },
    },
  },
  networks: {
    // The in-process chain: enough development accounts for every player of the season, and the arbiters behind them.
    default: { type: "edr-simulated", accounts: { count: 60 }, allowUnlimitedContractSize: coverage },
    sepolia: {
      type: "http",
      chainType: "l1",
      chainId: 11_155_111,
      url: configVariable("SEPOLIA_RPC_URL"),
      accounts: [configVariable("SEPOLIA_PRIVATE_KEY")],
    },
  },
});
