import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";

import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import upgrades from "@openzeppelin/hardhat-upgrades";
import { configVariable, defineConfig } from "hardhat/config";

import { compilation, type Job, overridesOf } from "./scripts/lib/compilation.ts";
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

// The hot path pays for the slower pipeline: it was measured to save gas there. The files of a job are compiled together,
// and the compiler compiles what a contract inherits, too; so a second version that needs the slower pipeline stands
// beside the first. Jobs run at the same time, so none should take much longer than the others.
const jobs: Job[] = [
  {
    settings: compiler(true),
    files: [
      "contracts/tokens/OctoToken.sol",
      "contracts/tokens/AllocationVesting.sol",
      "contracts/tokens/MilestoneVesting.sol",
      "contracts/economy/ConversionEngine.sol",
      "contracts/registry/DelegationPools.sol",
      "contracts/registry/SlashingDesk.sol",
    ],
  },
  {
    settings: compiler(true),
    files: [
      "contracts/market/AgentRegistry.sol",
      "contracts/market/AgentReputation.sol",
      "contracts/market/AgentValidation.sol",
      // Its draw has more variables at once than the other pipeline holds.
      "contracts/market/PanelArbiter.sol",
      "test/mocks/AgentReputationV2.sol",
    ],
  },
  // As many runs as fit into a contract, here and below.
  {
    settings: compiler(true, 2_000),
    files: [
      "contracts/economy/Settlement.sol",
      // The vault's constructor makes these two, so they are what is deployed only when compiled as the vault is.
      "contracts/tokens/RoleToken.sol",
      "contracts/tokens/RoleTokenFactory.sol",
      "contracts/market/JobMarket.sol",
      "test/mocks/JobMarketV2.sol",
    ],
  },
  { settings: compiler(true, 500), files: ["contracts/market/JobMarketAnnex.sol"] },
  { settings: compiler(true, 200), files: ["contracts/market/DisputeDesk.sol"] },
  // Optimized for size, so that it fits into a contract.
  {
    settings: compiler(true, 1),
    files: ["contracts/registry/ProviderRegistry.sol", "test/mocks/ProviderRegistryV2.sol"],
  },
  // These show that an upgrade keeps what is stored, which lies where it lies whatever the pipeline; this one is quicker.
  {
    settings: compiler(false, 200),
    files: [
      "test/mocks/AgentRegistryV2.sol",
      "test/mocks/AgentValidationV2.sol",
      "test/mocks/ConversionEngineV2.sol",
      "test/mocks/DisputeDeskV2.sol",
    ],
  },
];

// Both profiles are one constant, so that what is tested is what is deployed.
const build = { isolated: false, compilers: [compiler(false)], overrides: overridesOf(jobs) };

// Instrumented contracts are larger and not what is deployed, so they are kept apart. (Hardhat itself sets "false".)
const coverage = process.env["HARDHAT_COVERAGE"] === "true";

const deep = process.env["DEEP"] !== undefined;
// Printed by a failure; FUZZ_SEED tries the same inputs again.
const seed = process.env["FUZZ_SEED"] ?? `0x${deep ? randomBytes(32).toString("hex") : "8183".padStart(64, "0")}`;

export default defineConfig({
  plugins: [toolbox, upgrades, compilation(jobs)],
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
    // Two files at a time, each worker with a chain of its own.
    mocha: { timeout: 120_000, parallel: true, jobs: 2 },
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
