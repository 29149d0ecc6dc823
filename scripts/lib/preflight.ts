import { formatEther, isAddress, ZeroAddress } from "ethers";
import { z } from "zod";

import { Failure } from "./failure.ts";
import { readParameters } from "./parameters.ts";

/** What deploying the suite costs at most: some 63 million gas, 67 with a hundred arbiters, with room. */
const DEPLOYMENT_GAS = 75_000_000n;

const DAY = 86_400;

const address = z
  .string()
  .refine((value) => value !== "", "is empty")
  .refine((value) => value === "" || isAddress(value), "is not an address with a valid checksum")
  .refine((value) => value !== ZeroAddress, "is the zero address");

// A slasher's weekly budget: enough for a bond, and far below the supply.
const wholeTokens = z.number().int().min(1_000, "is less than 1,000 tokens").max(100_000_000);

const MOST_ARBITERS = 100;

const Parameters = z.object({
  $global: z.strictObject({
    admin: address,
    adminDelay: z
      .number()
      .int()
      .min(7 * DAY, "is less than 7 days, in seconds")
      .max(30 * DAY),
    custodyDelay: z
      .number()
      .int()
      .min(14 * DAY, "is less than 14 days, in seconds")
      .max(90 * DAY),
    guardian: address,
    treasury: address,
  }),
  Arbitration: z.strictObject({
    arbiters: z
      .array(address)
      .max(MOST_ARBITERS, `has more than ${MOST_ARBITERS} arbiters`)
      .refine((all) => new Set(all.map((one) => one.toLowerCase())).size === all.length, "names somebody twice"),
  }),
  Registry: z.strictObject({
    judge: address,
    judgeOctoBudget: wholeTokens,
    judgeRoleBudget: wholeTokens,
    disputeOctoBudget: wholeTokens,
    disputeRoleBudget: wholeTokens,
    downtimeOctoBudget: wholeTokens,
    downtimeRoleBudget: wholeTokens,
  }),
  Tokens: z.strictObject({
    treasuryBeneficiary: address,
    teamBeneficiary: address,
    earlyBeneficiary: address,
    partnerBeneficiary: address,
    liquidity: address,
  }),
});

/** What a deployment stands on, read from the network before anything is sent. */
export type Ground = { chainId: bigint; expectedChainId?: number; deployer: string; balance: bigint; gasPrice: bigint };

/** Refuses parameters that are missing, half filled in or contradictory. */
export function checkParameters(
  network: string,
  deployer: string,
  parameters: unknown = readParameters(network),
): void {
  const file = `deploy/parameters/${network}.json5`;
  const parsed = Parameters.safeParse(parameters);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Failure(`${file}: ${issue!.path.join(".")} ${issue!.message}.`, "Fill it in and start again.");
  }

  const { $global: people } = parsed.data;
  if (people.admin.toLowerCase() === deployer.toLowerCase()) {
    throw new Failure(
      `${file}: $global.admin is the deployer ${deployer}, who keeps no permission after the hand-over.`,
      "Name another account.",
    );
  }
}

/** Refuses a network that is not the one meant, or a deployer who cannot pay. */
export function checkGround(network: string, ground: Ground): void {
  const { chainId, expectedChainId, deployer, balance, gasPrice } = ground;
  if (expectedChainId !== undefined && BigInt(expectedChainId) !== chainId) {
    throw new Failure(
      `The RPC of "${network}" serves chain ${chainId}, not ${expectedChainId}.`,
      "Set the network's RPC URL to one of the right chain.",
    );
  }
  const needed = DEPLOYMENT_GAS * gasPrice;
  if (balance < needed) {
    throw new Failure(
      `The deployer ${deployer} has ${formatEther(balance)} ETH on "${network}", and the deployment may need ${formatEther(needed)}.`,
      "Send it the rest, or wait for a lower gas price.",
    );
  }
}
