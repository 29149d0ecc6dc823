import { expect } from "chai";
import fc from "fast-check";
import { id } from "ethers";

import { loadFixture, networkHelpers, OCTO, time } from "../support/fixture.ts";
import { AtStake, DAY, type Lanes, type Price } from "../support/models/slashing.ts";
import { D } from "../support/positions.ts";
import {
  type Accused,
  backed,
  isSuspended,
  LANE,
  now,
  ODD_DELEGATED,
  ODD_OCTO,
  ODD_ROLE,
  type Offence,
} from "../support/slashing.ts";

const DEEP = process.env["DEEP"] !== undefined;
const RUNS = DEEP ? 200 : 12;
const WEEK = 7n * DAY;

/** Small enough to be used up, in whole tokens. */
const BUDGET = 400n;

const PRICES = {
  Downtime: { octo: 0n, roleTokens: 5_00n },
  ExtendedDowntime: { octo: 5_00n, roleTokens: 20_00n },
  PoorResult: { octo: 10_00n, roleTokens: 30_00n },
  SlaViolation: { octo: 20_00n, roleTokens: 50_00n },
  DataMishandling: { octo: 50_00n, roleTokens: 100_00n },
} as const satisfies Partial<Record<Offence, Price>>;

/** As {backed}, and a slasher with a small budget. */
async function judged(): Promise<Accused> {
  const world = await backed();
  await world.slashing.appoint(world.actors.other, { budget: BUDGET });
  await world.slashing.takeOffice();
  return world;
}

const lanes = (octo: bigint, roleTokens: bigint) =>
  fc.record({ octo: fc.bigInt(0n, octo), roleTokens: fc.bigInt(0n, roleTokens) });
const small = fc.boolean();
const number = fc.constantFrom(id("case 1"), id("case 2"), id("case 3"));
/** How long before now the offence was, in seconds. */
const ago = fc.bigInt(0n, 9n * DAY);

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("unbond" as const), part: lanes(10_000n, 10_000n) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("bond" as const), amount: lanes(100n * OCTO, 30n * OCTO) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("wait" as const), seconds: fc.bigInt(1n, 3n * DAY) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("open" as const), small, number, amount: lanes(ODD_OCTO, ODD_ROLE), ago }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("close" as const), small, number }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("slash" as const),
      small,
      number: fc.option(number),
      offence: fc.constantFrom(...(Object.keys(PRICES) as (keyof typeof PRICES)[])),
      ago,
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A run of steps on chain and in the model at once. */
class Run {
  readonly model = new AtStake();
  readonly spent = new Map<string, Lanes>();
  slashes = 0;

  constructor(readonly world: Accused) {
    this.model.bond = { octo: ODD_OCTO, roleTokens: ODD_ROLE };
    this.model.delegated = ODD_DELEGATED;
  }

  async take(step: Step): Promise<void> {
    const { model, world } = this;
    const at = (await now()) + (step.kind === "wait" ? step.seconds : 1n);
    await time.setNextBlockTimestamp(at);
    if (step.kind === "wait") await networkHelpers.mine();
    else if (step.kind === "bond") {
      const { octo, roleTokens } = step.amount;
      if (octo + roleTokens === 0n) return;
      await world.registry.bond(D, octo, roleTokens);
      model.bond = { octo: model.bond.octo + octo, roleTokens: model.bond.roleTokens + roleTokens };
    } else if (step.kind === "unbond") {
      const octo = (model.bond.octo * step.part.octo) / 10_000n;
      const roleTokens = (model.bond.roleTokens * step.part.roleTokens) / 10_000n;
      if (octo + roleTokens === 0n) return;
      if (!model.canUnbond({ octo, roleTokens })) {
        await expect(world.registry.unbond(D, octo, roleTokens)).to.be.revertedWithCustomError(
          world.registry,
          "ProviderRegistryBondFrozen",
        );
        return;
      }
      await world.registry.unbond(D, octo, roleTokens);
      model.unbond({ octo, roleTokens }, at);
    } else await this.judge(step, at);
    await this.compare();
  }

  private async judge(step: Extract<Step, { kind: "open" | "close" | "slash" }>, at: bigint): Promise<void> {
    const { model, world } = this;
    const { slashing, actors } = world;
    const by = step.small ? actors.other : actors.judge;
    const key = step.number === null ? undefined : await slashing.key({ by, number: step.number });
    const isOpen = key !== undefined && model.disputes.has(key);
    if (step.kind === "open") {
      if (isOpen) return;
      const { octo, roleTokens } = step.amount;
      await slashing.open({ by, number: step.number, octo, roleTokens, offenceAt: at - step.ago });
      model.open(key!, step.amount, at - step.ago, at);
      // What neither exits nor bond cover would freeze exits of the pool, of which there are none here.
    } else if (step.kind === "close") {
      if (!isOpen) return;
      await slashing.close({ by, number: step.number });
      model.close(key!);
    } else {
      const offenceAt = at - step.ago;
      const dispute = isOpen ? { dispute: step.number! } : {};
      const cost = await slashing.cost(await slashing.punish({ by, offence: step.offence, offenceAt, ...dispute }));
      const budget = this.budgetOf(step.small, at);
      const taken = model.slash(PRICES[step.offence], budget, offenceAt, at, isOpen ? key : undefined);
      this.spend(step.small, at, taken);
      expect(cost).to.deep.equal({
        repeats: taken.repeats,
        octo: taken.octo,
        roleTokens: taken.roleTokens,
        octoStake: taken.stake.octo,
        roleStake: taken.stake.roleTokens,
        compensated: 0n,
      });
      this.slashes += 1;
    }
  }

  private budgetOf(isSmall: boolean, at: bigint): Lanes {
    const whole = (isSmall ? BUDGET : 1_000_000n) * OCTO;
    const spent = this.spent.get(`${isSmall}/${at / WEEK}`) ?? { octo: 0n, roleTokens: 0n };
    return { octo: whole - spent.octo, roleTokens: whole - spent.roleTokens };
  }

  private spend(isSmall: boolean, at: bigint, taken: Lanes): void {
    const key = `${isSmall}/${at / WEEK}`;
    const spent = this.spent.get(key) ?? { octo: 0n, roleTokens: 0n };
    this.spent.set(key, { octo: spent.octo + taken.octo, roleTokens: spent.roleTokens + taken.roleTokens });
  }

  private async compare(): Promise<void> {
    const { model, world } = this;
    const { registry, provider, system, desk, actors } = world;
    const bond = await registry.bondOf(provider.address, D);
    const frozen = await registry.frozenBondOf(provider.address, D);
    const waiting = await registry.slashedOf(D);
    const pair = (lanes: Lanes) => [lanes.octo, lanes.roleTokens];
    expect([...bond, ...frozen, ...waiting]).to.deep.equal([
      ...pair(model.bond),
      ...pair(model.frozen),
      ...pair(model.waiting),
    ]);
    let held = model.bond.octo + model.waiting.octo;
    for (const [day, exit] of model.exits) {
      const { octo, roleTokens } = await registry.exitOf(provider.address, D, day);
      expect([octo, roleTokens], `the exit of day ${day}`).to.deep.equal(pair(exit));
      held += exit.octo;
    }
    for (const [key, { fromExits, fromBond }] of model.disputes) {
      const row = await registry.frozenBy(key);
      expect([row.octoFromExits, row.roleFromExits, row.octoFromBond, row.roleFromBond]).to.deep.equal([
        ...pair(fromExits),
        ...pair(fromBond),
      ]);
      held += fromExits.octo;
    }
    expect((await system.delegationPools.poolOf(provider.address, D)).stake).to.equal(model.delegated);
    expect(await system.octo.balanceOf(system.addresses.registry)).to.equal(held);
    expect(await isSuspended(world)).to.equal(model.suspended);
    const left = this.budgetOf(true, await now());
    expect(await desk.allowanceOf(actors.other.address, LANE.Octo, D)).to.equal(left.octo);
    expect(await desk.allowanceOf(actors.other.address, LANE.RoleTokens, D)).to.equal(left.roleTokens);
  }
}

describe("SlashingDesk", () => {
  describe("any history of exits, disputes and slashes", () => {
    it("leaves exactly what the model says after each step (I-06, I-07, I-08, I-09, I-10)", async () => {
      let slashes = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24, size: "max" }), async (steps) => {
          const run = new Run(await loadFixture(judged));
          for (const step of steps) await run.take(step);
          slashes += run.slashes;
        }),
        { numRuns: RUNS, ...(DEEP ? {} : { seed: 8183 }), endOnFailure: true },
      );
      expect(slashes >= RUNS).to.equal(true);
    }).timeout(600_000);
  });
});
