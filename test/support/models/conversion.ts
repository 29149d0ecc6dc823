// The rates of the conversion engine in whole numbers, 1e18 for one, and a role's reserve as one swap after the other
// leaves it. The policy is worked out step by step from the volumes, without what the contract remembers between steps.

const ONE = 10n ** 18n;
const GRAIN = 10n ** 9n;
const FLOOR = 10_000n * ONE;

export const MAX_RATE = 3n * ONE;
export const MOST_STEPS = 26n;
export const SPREAD = 200n;

/** Where the policy would go at once; the volumes in wei, the latest first. */
export function targetOf(volumes: readonly bigint[]): bigint {
  const [volume, ...before] = volumes.slice(0, 5) as [bigint, ...bigint[]];
  if (volume === 0n || before.length < 4 || before.includes(0n)) return ONE;
  const sumOfFour = before.reduce((sum, each) => sum + each, 0n);
  const highest = volumes.slice(0, 13).reduce(larger, 0n);
  const demand = between((volume * 4n * ONE) / sumOfFour, ONE / 2n, 2n * ONE);
  const scarcity = between((volume * 10n * ONE) / (highest * 7n), ONE / 2n, 2n * ONE);
  return between((demand * scarcity) / ONE, ONE / 4n, MAX_RATE);
}

/** One epoch on: at most a tenth of itself, in whole billionths. */
export function stepOf(policy: bigint, target: bigint): bigint {
  const most = whole(policy / 10n);
  return between(whole(target), policy - most, policy + most);
}

/** After so many finished epochs; the volumes of these and of 12 more, the latest first. */
export function policyAfter(policy: bigint, volumes: readonly bigint[], steps: number): bigint {
  for (let missed = steps; missed > 0; missed--) policy = stepOf(policy, targetOf(volumes.slice(missed - 1)));
  return policy;
}

export function coverageOf(reserve: bigint, supply: bigint): bigint {
  return supply === 0n ? ONE : (reserve * ONE) / supply;
}

export function bidOf(policy: bigint, reserve: bigint, supply: bigint): bigint {
  return smaller(policy, coverageOf(reserve, supply));
}

export function askOf(policy: bigint, reserve: bigint, supply: bigint, spread = SPREAD): bigint {
  const covered = supply === 0n ? ONE : divideUp(reserve * ONE, supply);
  return divideUp(larger(policy, smaller(covered, MAX_RATE)) * (10_000n + spread), 10_000n);
}

export function surplusOf(reserve: bigint, supply: bigint): bigint {
  return larger(reserve - 3n * supply, 0n);
}

/** What a sale of tokens is worth, of which so many were earned. */
export function saleOf(bid: bigint, roleIn: bigint, earned: bigint) {
  const free = smaller(roleIn, earned);
  const charged = ((roleIn - free) * bid) / ONE;
  const fee = divideUp(charged, 20n);
  const value = (roleIn * bid) / ONE;
  return { value, fee, octoOut: value - fee, free };
}

/** A role's reserve. */
export class ReserveModel {
  held = 0n;
  earmarked = 0n;
  supply = 0n;
  policy = ONE;
  left = 0n;
  epoch: bigint | undefined;
  /** Of the supply, waiting for the end of the epoch. */
  slashed = 0n;
  givenBack = 0n;
  released = 0n;
  readonly volumes = new Map<bigint, bigint>();

  get total(): bigint {
    return this.held + this.earmarked;
  }

  get bid(): bigint {
    return bidOf(this.policy, this.total, this.supply);
  }

  get ask(): bigint {
    return askOf(this.policy, this.total, this.supply);
  }

  /** The first touch of an epoch. */
  touch(epoch: bigint): void {
    if (this.epoch === epoch) return;
    if (this.epoch !== undefined) {
      const steps = Number(smaller(epoch - this.epoch, MOST_STEPS));
      const volumes = Array.from({ length: steps + 12 }, (_, i) => this.volumes.get(epoch - 1n - BigInt(i)) ?? 0n);
      this.policy = policyAfter(this.policy, volumes, steps);
    }
    this.epoch = epoch;
    if (this.slashed !== 0n) this.#leave((this.total * this.slashed) / this.supply);
    this.supply -= this.slashed;
    this.slashed = 0n;
    this.#leave(surplusOf(this.total, this.supply));
    this.left = larger(this.total / 20n, FLOOR);
  }

  /** What is earmarked first. */
  #leave(amount: bigint): void {
    const givenBack = smaller(amount, this.earmarked);
    this.earmarked -= givenBack;
    this.held -= amount - givenBack;
    this.givenBack += givenBack;
    this.released += amount - givenBack;
  }

  work(epoch: bigint, volume: bigint, minted: bigint): void {
    this.earmarked += minted;
    this.supply += minted;
    this.volumes.set(epoch, (this.volumes.get(epoch) ?? 0n) + volume);
  }

  buy(octoIn: bigint): bigint {
    const roleOut = (octoIn * ONE) / this.ask;
    this.put(octoIn, 0n);
    this.supply += roleOut;
    return roleOut;
  }

  put(held: bigint, earmarked: bigint): void {
    this.held += held;
    this.earmarked += earmarked;
    this.left += held + earmarked;
  }

  /** What is held first. */
  take(amount: bigint): { held: bigint; earmarked: bigint } {
    const held = smaller(amount, this.held);
    const earmarked = amount - held;
    this.held -= held;
    this.earmarked -= earmarked;
    this.left -= amount;
    return { held, earmarked };
  }
}

export function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

export function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function whole(rate: bigint): bigint {
  return rate - (rate % GRAIN);
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

function between(value: bigint, least: bigint, most: bigint): bigint {
  return value < least ? least : value > most ? most : value;
}
