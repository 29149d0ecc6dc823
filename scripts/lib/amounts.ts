import { formatEther } from "ethers";

/** An amount for people: thousands apart, decimals only where there are some. */
export function octo(wei: bigint): string {
  const [whole, decimals] = formatEther(wei).split(".") as [string, string];
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return decimals === "0" ? grouped : `${grouped}.${decimals}`;
}

/** The same with its sign. */
export function signed(wei: bigint): string {
  return wei > 0n ? `+${octo(wei)}` : octo(wei);
}

export function thousands(value: bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}
