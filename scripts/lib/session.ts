import { existsSync } from "node:fs";
import path from "node:path";

import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { ContractTransactionReceipt, ContractTransactionResponse } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";
import pc from "picocolors";

import { addressFile, readSite } from "./addresses.ts";
import { thousands } from "./amounts.ts";
import { connect } from "./connect.ts";
import { Failure } from "./failure.ts";
import { explainRevert } from "./revert.ts";
import { bindSystem, type CipherOcto } from "./system.ts";

/** Of the local node: the first account to play with. */
const FIRST_PLAYER = "7";

/** A deployed suite, and who deals with it from the command line. */
export class Session {
  readonly system: CipherOcto;
  readonly signer: HardhatEthersSigner;
  readonly connection: NetworkConnection;
  /** The first block that can have the suite's events. */
  readonly fromBlock: number;

  private constructor(
    connection: NetworkConnection,
    signer: HardhatEthersSigner,
    system: CipherOcto,
    fromBlock: number,
  ) {
    this.connection = connection;
    this.signer = signer;
    this.system = system;
    this.fromBlock = fromBlock;
  }

  /** Opens the suite of --network, or of the local node if none is named. */
  static async open(hre: HardhatRuntimeEnvironment, account: string): Promise<Session> {
    const { network } = hre.globalOptions;
    const isLocal = network === undefined || network === "localhost";
    const file = addressFile(isLocal ? "node" : network);
    if (isLocal && !existsSync(path.resolve(hre.config.paths.root, file))) {
      throw new Failure("No local node is running.", "Start one with `npm run node`, or name a --network.");
    }
    const site = readSite(path.resolve(hre.config.paths.root, file));
    const connection = isLocal
      ? await hre.network.create({ network: "localhost", override: { url: site.url! } })
      : await connect(hre);
    await requireChain(connection, site.chainId);
    const signer = await signerOf(connection, account || (isLocal ? FIRST_PLAYER : "0"));
    return new Session(connection, signer, bindSystem(site.contracts, signer), site.fromBlock);
  }

  get address(): string {
    return this.signer.address;
  }

  /** The time of the last block, Unix seconds. */
  async now(): Promise<bigint> {
    return BigInt((await this.connection.ethers.provider.getBlock("latest"))!.timestamp);
  }

  /** Sends a transaction, and says what it did and cost. */
  async send(what: string, sending: () => Promise<ContractTransactionResponse>): Promise<ContractTransactionReceipt> {
    const receipt = (await this.try(async () => (await sending()).wait()))!;
    console.log(`${pc.green("✓")} ${what} ${pc.dim(`${thousands(receipt.gasUsed)} gas, ${receipt.hash}`)}`);
    return receipt;
  }

  /** Does something that the contracts may refuse, and says their reason. */
  async try<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw explainRevert(this.system, error);
    }
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

async function requireChain(connection: NetworkConnection, chainId: number): Promise<void> {
  const network = await connection.ethers.provider.getNetwork().catch(() => {
    throw new Failure("The chain does not answer.", "Start the node with `npm run node`, or check the network's URL.");
  });
  if (Number(network.chainId) === chainId) return;
  throw new Failure(
    `The suite is on chain ${chainId}, but the node serves chain ${network.chainId}.`,
    "Use an RPC of the chain that the suite was deployed to.",
  );
}

/** One of the connection's accounts, by its number or address. */
async function signerOf(connection: NetworkConnection, account: string): Promise<HardhatEthersSigner> {
  const signers = await connection.ethers.getSigners();
  const found = /^\d+$/.test(account)
    ? signers[Number(account)]
    : signers.find(({ address }) => address.toLowerCase() === account.toLowerCase());
  if (found !== undefined) return found;
  throw new Failure(
    `"${account}" is none of the ${signers.length} account(s) of this network.`,
    `Name one by its number, 0 to ${signers.length - 1}, or by its address.`,
  );
}
