import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { ContractTransactionResponse } from "ethers";

import type { CipherOcto } from "../../scripts/lib/system.ts";
import { ethers, networkHelpers, OCTO } from "./fixture.ts";

export type GenesisWallet = "treasuryVesting" | "teamVesting" | "earlyVesting" | "partnerVesting";

/**
 * Gives an account all that a wallet of the genesis supply holds, as if everything were free: for tests of sums that
 * nobody has in his hands for years, at the prices and budgets of the first day.
 */
export async function emptyInto(system: CipherOcto, name: GenesisWallet, account: HardhatEthersSigner): Promise<void> {
  const wallet = system.addresses[name];
  await networkHelpers.impersonateAccount(wallet);
  await networkHelpers.setBalance(wallet, OCTO);
  const signer = await ethers.getSigner(wallet);
  await system.octo.connect(signer).transfer(account.address, await system.octo.balanceOf(wallet));
  await networkHelpers.stopImpersonatingAccount(wallet);
}

export async function gasOf(transaction: Promise<ContractTransactionResponse>): Promise<number> {
  return Number((await (await transaction).wait())!.gasUsed);
}
