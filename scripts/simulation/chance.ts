import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

const STEPS = 1_000_000;

/** What is left to chance, the same for the same seed. Only sums and products, so that every machine agrees. */
export class Chance {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** From 0 to 1. */
  share(): number {
    return uniformInt(this.#generator, 0, STEPS) / STEPS;
  }

  /** A factor around 1, at most `spread` away, mostly near: the mean of three throws. */
  around(spread: number): number {
    const mean = (this.share() + this.share() + this.share()) / 3;
    return 1 + spread * (2 * mean - 1);
  }

  /** The same, in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    const order = [...items];
    for (let last = order.length - 1; last > 0; last--) {
      const other = uniformInt(this.#generator, 0, last);
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
    return order;
  }
}
