import { formatEther } from "ethers";

/** A rate of the engine for people: OCTO a role token, with four decimals. */
export function rate(value: bigint): string {
  return Number(formatEther(value)).toFixed(4);
}
