import { expect } from "chai";
import fc from "fast-check";

import { ROLES } from "../../deploy/roles.ts";
import { A, D, nextEpoch, S, withEarnings, work } from "../support/conversion.ts";
import { ethers, loadFixture, OCTO } from "../support/fixture.ts";
import { coverageOf, ReserveModel, saleOf, smaller } from "../support/models/conversion.ts";
import type { MarketWorld } from "../support/testMarket.ts";

const { MaxUint256 } = ethers;
const SEED = Number(process.env["FUZZ_SEED"] ?? 8183);
const RUNS = process.env["DEEP"] === undefined ? 8 : 100;
const TRADERS = ["provider", "other"] as const;
const TRADED = [A, D, S];
const GWEI = 10n ** 9n;

type Trader = (typeof TRADERS)[number];

const role = fc.constantFrom(...TRADED);
const trader = fc.constantFrom(...TRADERS);
const part = fc.integer({ min: 1, max: 100 });
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("buy" as const), trader, role, part }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("sell" as const), trader, role, part }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("swap" as const), trader, role, part, to: role }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("week" as const), part }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("poke" as const), role }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("surrender" as const), trader, role, part }) },
);
const working = fc.record({ kind: fc.constant("work" as const), part });

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
type Working = typeof working extends fc.Arbitrary<infer T> ? T : never;

/** The engine beside its model, role by role. */
class Twin {
  readonly #world: MarketWorld;
  readonly #models = new Map<bigint, ReserveModel>();
  #epoch = 0n;
  /** OCTO that swaps took from the traders less what they gave to them. */
  kept = 0n;

  constructor(world: MarketWorld) {
    this.#world = world;
  }

  /** Takes the reserves over as they are, touched in this epoch. */
  async begin(): Promise<void> {
    const { engine, settlement } = this.#world.system;
    this.#epoch = await settlement.currentEpoch();
    for (const each of TRADED) {
      await engine.poke(each);
      const model = new ReserveModel();
      const { held, earmarked } = await engine.reserveOf(each);
      model.held = held;
      model.earmarked = earmarked;
      model.supply = await this.#token(each).totalSupply();
      for (let epoch = 0n; epoch <= this.#epoch; epoch++) {
        model.volumes.set(epoch, await settlement.volumeOf(each, epoch));
      }
      model.touch(this.#epoch);
      this.#models.set(each, model);
    }
  }

  async act(next: Action | Working): Promise<void> {
    if (next.kind === "week") return this.#week(BigInt(next.part));
    if (next.kind === "work") return this.#work(BigInt(next.part) * 1_000n * OCTO);
    if (next.kind === "poke") {
      this.#model(next.role).touch(this.#epoch);
      await this.#world.system.engine.poke(next.role);
      return;
    }
    if (next.kind === "buy") return this.#buy(next.trader, next.role, BigInt(next.part) * 50n * OCTO + 7n);
    const roleIn = ((await this.#token(next.role).balanceOf(this.#address(next.trader))) * BigInt(next.part)) / 100n;
    if (next.kind === "surrender") return this.#surrender(next.trader, next.role, roleIn);
    if (next.kind === "sell") return this.#sell(next.trader, next.role, roleIn);
    return this.#swap(next.trader, next.role, next.to, roleIn);
  }

  /** Every figure of every role, and that no coverage fell but with the surplus of an epoch's end. */
  async check(): Promise<void> {
    const { engine, settlement, octo } = this.#world.system;
    for (const each of TRADED) {
      const model = this.#model(each);
      const begun = model.epoch === this.#epoch;
      if (!begun) continue; // the views are one touch ahead
      expect(await engine.reserveOf(each)).to.deep.equal([model.held, model.earmarked]);
      expect(await settlement.earmarkOf(each)).to.equal(model.earmarked);
      expect(await this.#token(each).totalSupply()).to.equal(model.supply);
      expect(await engine.policyOf(each)).to.equal(model.policy);
      expect(await engine.bidOf(each)).to.equal(model.bid);
      expect(await engine.askOf(each)).to.equal(model.ask);
      expect((await engine.limitsOf(ethers.ZeroAddress, each)).payOutLeft).to.equal(model.left);
      expect(model.total >= model.supply, "covered").to.equal(true);
    }
    let held = 0n;
    for (const { letter: _, ...row } of ROLES.map((known, i) => ({ ...known, id: BigInt(i + 1) }))) {
      held += await engine.heldOf(row.id);
    }
    expect(await octo.balanceOf(engine)).to.equal(held);
  }

  /** What all reserves hold, which is what swaps could ever take out. */
  get backing(): bigint {
    return [...this.#models.values()].reduce((sum, { total }) => sum + total, 0n);
  }

  get released(): bigint {
    return [...this.#models.values()].reduce((sum, { released, givenBack }) => sum + released + givenBack, 0n);
  }

  async #week(part: bigint): Promise<void> {
    await nextEpoch(this.#world, part > 90n ? 12n : 1n);
    this.#epoch = await this.#world.system.settlement.currentEpoch();
  }

  async #work(amount: bigint): Promise<void> {
    const minted = await work(this.#world, "D", amount);
    this.#model(D).work(this.#epoch, amount - (amount % GWEI), minted);
  }

  async #buy(name: Trader, each: bigint, octoIn: bigint): Promise<void> {
    const model = this.#touched(each);
    const before = coverageOf(model.total, model.supply);
    const roleOut = model.buy(octoIn);
    this.kept += octoIn;
    await this.#engineOf(name).buy(each, octoIn, roleOut, MaxUint256);
    this.#notLowered(model, before);
  }

  async #surrender(name: Trader, each: bigint, amount: bigint): Promise<void> {
    this.#model(each).slashed += amount;
    await this.#token(each).connect(this.#world.actors[name]).surrender(amount);
  }

  async #sell(name: Trader, each: bigint, roleIn: bigint): Promise<void> {
    const { limits, valid } = await this.#limits(name, each, roleIn);
    const model = this.#model(each);
    if (!valid) return;
    model.touch(this.#epoch);
    const { value, fee, octoOut } = saleOf(model.bid, roleIn, limits.earningsLeft);
    if (value > model.left) return this.#refused(this.#engineOf(name).sell(each, roleIn, 0n, MaxUint256), each);
    const before = coverageOf(model.total, model.supply);
    model.take(value);
    model.supply -= roleIn;
    this.kept -= octoOut;
    const { octo } = this.#world.system;
    const supply = (await octo.totalSupply()) - (await octo.mintedFromBudget());
    await this.#engineOf(name).sell(each, roleIn, octoOut, MaxUint256);
    expect((await octo.totalSupply()) - (await octo.mintedFromBudget()), "fee burned").to.equal(supply - fee);
    this.#notLowered(model, before);
  }

  async #swap(name: Trader, from: bigint, to: bigint, roleIn: bigint): Promise<void> {
    const { limits, valid } = await this.#limits(name, from, roleIn);
    if (!valid || from === to) return;
    const [source, destination] = [this.#touched(from), this.#touched(to)];
    const { value, fee, octoOut } = saleOf(source.bid, roleIn, limits.earningsLeft);
    const roleOut = (octoOut * OCTO) / destination.ask;
    const swapping = () => this.#engineOf(name).swap(from, to, roleIn, smaller(roleOut, 2n ** 128n - 1n), MaxUint256);
    if (value > source.left) return this.#refused(swapping(), from);
    if (roleOut < OCTO) {
      for (const touched of [from, to]) await this.#world.system.engine.poke(touched);
      return;
    }
    const before = [coverageOf(source.total, source.supply), coverageOf(destination.total, destination.supply)];
    const { held, earmarked } = source.take(octoOut);
    source.take(fee);
    source.supply -= roleIn;
    destination.put(held, earmarked);
    destination.supply += roleOut;
    await swapping();
    this.#notLowered(source, before[0]!);
    this.#notLowered(destination, before[1]!);
  }

  /** A refusal undoes the touch, so the roles are poked. */
  async #refused(doing: Promise<unknown>, each: bigint): Promise<void> {
    const { engine } = this.#world.system;
    await expect(doing).to.be.revertedWithCustomError(engine, "ConversionEnginePayOutTooLarge");
    expect(each).not.to.equal(0n);
    for (const touched of TRADED) if (this.#model(touched).epoch === this.#epoch) await engine.poke(touched);
  }

  #notLowered(model: ReserveModel, before: bigint): void {
    const after = coverageOf(model.total, model.supply);
    expect(after >= smaller(before, 3n * OCTO), "not lowered").to.equal(true);
  }

  async #limits(name: Trader, each: bigint, roleIn: bigint) {
    const limits = await this.#world.system.engine.limitsOf(this.#address(name), each);
    return { limits, valid: roleIn >= limits.smallestSale };
  }

  #model(each: bigint): ReserveModel {
    return this.#models.get(each)!;
  }

  #touched(each: bigint): ReserveModel {
    const model = this.#model(each);
    model.touch(this.#epoch);
    return model;
  }

  #engineOf(name: Trader) {
    return this.#world.system.engine.connect(this.#world.actors[name]);
  }

  #address(name: Trader): string {
    return this.#world.actors[name].address;
  }

  #token(each: bigint) {
    return this.#world.system.roleTokens[ROLES[Number(each) - 1]!.letter];
  }
}

async function twin(): Promise<Twin> {
  const made = new Twin(await loadFixture(withEarnings));
  await made.begin();
  return made;
}

describe("ConversionEngine", () => {
  describe("beside its model", () => {
    it("agrees to the wei after every purchase, sale, swap, week and work (C-1, C-2, C-4, C-5)", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.oneof({ weight: 14, arbitrary: action }, { weight: 2, arbitrary: working }), {
            minLength: 12,
            maxLength: 30,
          }),
          async (actions) => {
            const made = await twin();
            for (const next of actions) {
              await made.act(next);
              await made.check();
            }
          },
        ),
        { numRuns: RUNS, seed: SEED, endOnFailure: true },
      );
    });

    it("pays out no more than was put in, by swaps alone (C-3, I-15)", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(action, { minLength: 15, maxLength: 30 }), async (actions) => {
          const made = await twin();
          const before = made.backing;
          for (const next of actions) await made.act(next);
          await made.check();
          // What was there, what was paid in and what was paid out; fees and surplus left besides.
          expect(made.backing + made.released <= before + made.kept).to.equal(true);
          expect(made.backing >= 0n && before + made.kept >= 0n).to.equal(true);
        }),
        { numRuns: RUNS, seed: SEED + 1, endOnFailure: true },
      );
    });
  });
});
