import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type AddressLike, type ContractTransactionResponse, MaxUint256, parseEther } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { roleId } from "../../deploy/roles.ts";
import type { CipherOcto } from "../lib/system.ts";

const MEANS = parseEther("10000000");
const ROLE = roleId("D");

/** What actions cost as something grows. */
export type Growth = {
  /** What there is more and more of. */
  what: string;
  /** How many of it. */
  sizes: readonly number[];
  /** An action's gas at each size. */
  figures: Map<string, number[]>;
};

export type Connection = Awaited<ReturnType<HardhatRuntimeEnvironment["network"]["create"]>>;

/** Measures actions without leaving a trace of them. */
export class Meter {
  readonly figures: Growth["figures"] = new Map();
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async measure(name: string, act: () => Promise<ContractTransactionResponse>): Promise<void> {
    const snapshot = await this.#connection.networkHelpers.takeSnapshot();
    const receipt = await (await act()).wait();
    await snapshot.restore();
    this.figures.set(name, [...(this.figures.get(name) ?? []), Number(receipt!.gasUsed)]);
  }
}

/** Gives an account OCTO, and the allowances that its actions need. */
export async function equip(
  { octo, roleTokens, registry }: CipherOcto,
  liquidity: HardhatEthersSigner,
  account: HardhatEthersSigner,
  spenders: readonly AddressLike[],
): Promise<void> {
  await octo.connect(liquidity).transfer(account.address, MEANS);
  for (const spender of [registry, ...spenders]) await octo.connect(account).approve(spender, MaxUint256);
  await roleTokens.D.connect(account).approve(registry, MaxUint256);
}

/** Bonds as much in both lanes of role D. */
export async function bondBoth({ engine, registry }: CipherOcto, account: HardhatEthersSigner, bond: bigint) {
  await engine.connect(account).buy(ROLE, 2n * bond, 0n, MaxUint256);
  await registry.connect(account).bond(ROLE, bond, bond);
}
