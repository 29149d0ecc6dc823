import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";

import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import Table from "cli-table3";
import { MaxUint256, parseEther } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ROLES, roleId } from "../../deploy/roles.ts";
import { octo } from "../lib/amounts.ts";
import { addressFile, writeAddresses } from "../lib/addresses.ts";
import { Failure } from "../lib/failure.ts";
import { deploySystem } from "../lib/deploySystem.ts";
import { type CipherOcto } from "../lib/system.ts";

const HOST = "127.0.0.1";
/** What each account without a part of the genesis supply is given to play with. */
const PLAY_MONEY = parseEther("100000");
const ROLE_TOKENS = parseEther("2000");
const [FIRST_PLAYER, LAST_PLAYER] = [7, 19];
/** With the arbiters, who are accounts 30 to 44. */
const ACCOUNTS = 45;

/** Serves a fresh chain with the deployed suite until it is told to stop. */
export async function serve(hre: HardhatRuntimeEnvironment, port: string, addresses: string): Promise<void> {
  await requireFreePort(port);
  const server = await hre.network.createServer(
    { network: "node", override: { accounts: { count: ACCOUNTS } } },
    HOST,
    Number(port),
  );
  let deploymentId = "";
  try {
    const { address, port: listening } = await server.listen();
    deploymentId = `chain-31337-${listening}`;
    forgetJournal(hre, deploymentId);
    const url = `http://${address}:${listening}`;
    const connection = await hre.network.create({ network: "localhost", override: { url } });
    console.log("Deploying the suite ...");
    const system = await deploySystem(connection, { parameters: "local", deploymentId });
    const players = (await connection.ethers.getSigners()).slice(FIRST_PLAYER, LAST_PLAYER + 1);
    await releaseGenesis(system);
    await handOut(system, players);
    const { chainId } = await connection.ethers.provider.getNetwork();
    const file = addresses || addressFile("node");
    writeAddresses(file, "node", chainId, system.addresses, { url });
    show(system, url, chainId, players, file);
    await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  } finally {
    await server.close();
    forgetJournal(hre, deploymentId);
  }
}

async function requireFreePort(port: string): Promise<void> {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new Failure(`"${port}" is not a port; a port is a number from 0 to 65535.`, "Give another with --port.");
  }
  const probe = createServer();
  try {
    probe.listen(number, HOST);
    await once(probe, "listening");
  } catch {
    throw new Failure(`Port ${port} of ${HOST} is taken.`, "Stop what listens there, or give another with --port.");
  }
  probe.close();
  await once(probe, "close");
}

/** Ignition keeps a journal of every deployment, and what this chain is about ends with it. */
function forgetJournal(hre: HardhatRuntimeEnvironment, deploymentId: string): void {
  if (deploymentId === "") return;
  rmSync(path.join(hre.config.paths.ignition, "deployments", deploymentId), { recursive: true, force: true });
}

/** Brings what is free at genesis into the hands of the treasury and of the early contributors. */
async function releaseGenesis({ octo, treasuryVesting, earlyVesting }: CipherOcto): Promise<void> {
  for (const wallet of [treasuryVesting, earlyVesting]) await wallet["release(address)"](octo);
}

async function handOut(system: CipherOcto, players: HardhatEthersSigner[]): Promise<void> {
  console.log(`Handing out OCTO and role tokens to ${players.length} accounts ...`);
  const liquidity = system.octo.connect(await signerOf(system, 6));
  for (const player of players) await liquidity.transfer(player.address, PLAY_MONEY);
  // One after the other: each purchase moves the price of the next.
  for (const player of players) await buyRoleTokens(system, player);
}

async function buyRoleTokens(system: CipherOcto, player: HardhatEthersSigner): Promise<void> {
  await system.octo.connect(player).approve(system.engine, MaxUint256);
  for (const { letter } of ROLES) {
    const price = await system.engine.quoteExactOut(roleId(letter), ROLE_TOKENS);
    await system.engine.connect(player).buy(roleId(letter), price, ROLE_TOKENS, MaxUint256);
  }
  await system.octo.connect(player).approve(system.engine, 0n);
}

function signerOf(system: CipherOcto, account: number) {
  const { provider } = system.octo.runner!;
  return (provider as unknown as { getSigner(index: number): Promise<HardhatEthersSigner> }).getSigner(account);
}

function show(system: CipherOcto, url: string, chainId: bigint, players: HardhatEthersSigner[], file: string): void {
  const contracts = new Table({ head: ["contract", "address"], style: { head: [], border: [], compact: true } });
  for (const [name, address] of Object.entries(system.addresses)) contracts.push([name, address]);
  console.log(contracts.toString());
  console.log(`\nServing chain ${chainId} at ${url}; the addresses are in ${file}.`);
  console.log(
    `Accounts ${FIRST_PLAYER} to ${LAST_PLAYER} of the development mnemonic` +
      ` ("test test test test test test test test test test test junk") were each given ${octo(PLAY_MONEY)} OCTO,` +
      ` and bought ${octo(ROLE_TOKENS)} of every role token with it. Everybody knows their keys: never use them elsewhere.`,
  );
  console.log(
    "Accounts 30 to 44 are the arbiters. `npx hardhat octo agent` and `npx hardhat octo job` deal with this node.",
  );
  console.log("Stop with Ctrl+C.");
}
