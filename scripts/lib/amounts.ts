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

/** A large amount in millions, rounded to so many decimals. */
export function inMillions(wei: bigint, decimals = 1): string {
  const negative = wei < 0n;
  const unit = 10n ** BigInt(24 - decimals);
  const [whole, rest] = splitAt(((negative ? -wei : wei) + unit / 2n) / unit, decimals);
  return `${negative ? "-" : ""}${thousands(whole)}${decimals === 0 ? "" : `.${rest}`}`;
}

/** A rate of 1e18 for one, rounded down to so many decimals. */
export function rate(value: bigint, decimals = 4): string {
  const [whole, rest] = splitAt(value / 10n ** BigInt(18 - decimals), decimals);
  return `${whole}.${rest}`;
}

function splitAt(value: bigint, decimals: number): [whole: bigint, rest: string] {
  const one = 10n ** BigInt(decimals);
  return [value / one, (value % one).toString().padStart(decimals, "0")];
}
