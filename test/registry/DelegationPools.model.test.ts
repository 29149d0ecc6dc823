// Random sequences of everything that can happen to a pool, stepped through the model and through the contract side by
// side; after each step all that can be seen is compared, to the wei.
//
//   DEEP=1       ten times as many sequences, other ones each time
//   SEED=123     the sequences of a failure again; fast-check prints its seed

import { expect } from "chai";
import fc from "fast-check";

import { D, delegated, now, OWN_BOND, type Pooling } from "../support/delegation.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY } from "../support/jobs.ts";
import { DelegationModel } from "../support/models/delegation.ts";

const DEEP = process.env["DEEP"] !== undefined;
const RUNS = DEEP ? 100 : 10;
const STEPS = 40;
const SEED = process.env["SEED"] === undefined ? (DEEP ? undefined : 8183) : Number(process.env["SEED"]);

const WHO = ["ada", "bob", "cid"] as const;
type Who = (typeof WHO)[number];

const DISPUTES = ["first", "second", "third"] as const;

/** What a step is made of: which one, of whom, how much of what there is, and how long after the last. */
type Draw = { kind: keyof typeof STEP; who: Who; part: bigint; amount: bigint; wait: bigint };
/** Whether the step must succeed, and how it is taken on chain. */
type Step = { inModel: boolean; onChain: () => Promise<unknown> };

/** 1e-9ths of a whole; 1e9 is all of it. */
const of = (whole: bigint, part: bigint) => (whole * part) / 10n ** 9n;

const taken = new Map<string, number>();
const refused = new Map<string, number>();

const STEP = {
  delegate: ({ model, world }, { who, amount }) => ({
    inModel: model.delegate(who, amount),
    onChain: () => world.pools.delegate(world[who], amount),
  }),
  undelegate: ({ model, world }, { who, part }) => {
    const shares = of(model.sharesOf(who), part);
    return { inModel: model.undelegate(who, shares), onChain: () => world.pools.undelegate(world[who], shares) };
  },
  leave: ({ model, world }, { who }) => {
    const shares = model.sharesOf(who);
    return { inModel: model.undelegate(who, shares), onChain: () => world.pools.undelegate(world[who], shares) };
  },
  withdraw: ({ model, world }, { amount, wait }) => {
    const free = model.exits.filter(({ day }) => day * DAY <= model.now);
    const exits = free.length === 0 || amount % 8n === 0n ? model.exits : free;
    const { who, day } = exits[Number(amount % BigInt(exits.length || 1))] ?? { who: "ada", day: wait };
    return { inModel: model.withdraw(who, day), onChain: () => world.pools.withdraw(world[who as Who], day) };
  },
  claim: ({ model, world }, { who }) => ({
    inModel: model.claim(who),
    onChain: () => world.pools.claim(world[who]),
  }),
  setCut: ({ model, world }, { part }) => {
    const cut = part % 3_100n;
    return { inModel: model.setCut(cut), onChain: () => world.pools.by(world.provider).setCut(D, cut) };
  },
  earn: ({ model, world }, { amount }) => {
    const before = model.accrued;
    model.accrue(amount);
    const cut = model.accrued - before;
    const { settlement } = world.system;
    return {
      inModel: true,
      onChain: async () => {
        await world.pools.by(world.pools.registry).accrue(world.provider.address, D, amount, OWN_BOND);
        if (cut !== 0n) await settlement.connect(world.actors.liquidity).deposit(world.pools.address, cut);
      },
    };
  },
  slash: ({ model, world }, draw) => {
    const offenceAt = offenceOf(model, draw);
    const amount = of(model.exposure(offenceAt), draw.part);
    model.slash(amount, offenceAt);
    return { inModel: true, onChain: () => world.pools.slash(amount, offenceAt) };
  },
  /** Leaves a few wei, or nothing. */
  ruin: ({ model, world }, draw) => {
    const offenceAt = offenceOf(model, draw);
    const exposed = model.exposure(offenceAt);
    const amount = exposed - (draw.part % 2n === 0n ? 0n : (draw.part % (exposed + 1n)) % 1_000n);
    model.slash(amount, offenceAt);
    return { inModel: true, onChain: () => world.pools.slash(amount, offenceAt) };
  },
  freeze: ({ model, world }, draw) => {
    const offenceAt = offenceOf(model, draw);
    const amount = of(model.exposure(offenceAt), draw.part);
    const dispute = disputeOf(draw);
    model.freeze(dispute, amount, offenceAt);
    return { inModel: true, onChain: () => world.pools.freeze(amount, offenceAt, ethers.id(dispute)) };
  },
  thaw: ({ model, world }, draw) => {
    const dispute = disputeOf(draw);
    model.thaw(dispute);
    return { inModel: true, onChain: () => world.pools.thaw(ethers.id(dispute)) };
  },
} satisfies Record<string, (stage: Stage, draw: Draw) => Step>;

type Stage = { model: DelegationModel; world: Pooling };

/** Up to twelve days ago. */
const offenceOf = (model: DelegationModel, { amount }: Draw) => model.now - (amount % (12n * DAY));
const disputeOf = ({ amount }: Draw) => DISPUTES[Number(amount % 3n)]!;

async function compare({ model, world }: Stage): Promise<void> {
  const { pools, system } = world;
  const [pool, held, credit, yesterday, lastWeek] = await Promise.all([
    pools.pool(),
    pools.held(),
    system.settlement.creditOf(pools.address),
    pools.exposure(model.now - DAY),
    pools.exposure(model.now - 7n * DAY),
  ]);
  const delegators = await Promise.all(
    WHO.map(async (who) => [...(await pools.delegationOf(world[who])), await pools.claimable(world[who])]),
  );
  const exits = await Promise.all(
    model.exits.map(async ({ who, day }) => [...(await pools.exitOf(world[who as Who], day))]),
  );
  expect({
    pool: [pool.stake, pool.shares, pool.generation, pool.cut, pool.frozenShare],
    exposed: [yesterday, lastWeek],
    delegators,
    exits,
    held,
    credit,
  }).to.deep.equal({
    pool: [model.pool.tokens, model.pool.shares, BigInt(model.generation), model.cut, model.frozenShare],
    exposed: [model.exposure(model.now - DAY), model.exposure(model.now - 7n * DAY)],
    delegators: WHO.map((who) => [model.sharesOf(who), model.worthOf(who), model.claimable(who)]),
    exits: model.exits.map(({ who, day }) => Object.values(model.exitOf(who, day))),
    held: model.came - model.gone,
    credit: model.accrued - model.claimed,
  });
}

/** What holds in the model holds on chain, once both are equal. */
function holdInvariants(model: DelegationModel): void {
  const { tokens, shares } = model.pool;
  expect(model.came - model.gone, "D-1").to.equal(tokens + model.leaving);
  expect(model.sharesHeld, "D-2").to.equal(shares);
  expect(shares === 0n, "D-2").to.equal(tokens === 0n);
  expect(tokens <= shares, "price").to.equal(true);
  const open = WHO.reduce((sum, who) => sum + model.claimable(who), 0n);
  expect(open + model.claimed <= model.accrued, "D-3").to.equal(true);
}

async function take(stage: Stage, draw: Draw): Promise<void> {
  const { model } = stage;
  model.now = (await now()) + 1n + draw.wait;
  await time.setNextBlockTimestamp(model.now);
  const worths = WHO.map((who) => model.worthOf(who));
  const { inModel, onChain } = STEP[draw.kind](stage, draw);
  if (inModel) await onChain();
  else await expect(onChain()).to.be.revert(ethers);
  (inModel ? taken : refused).set(draw.kind, ((inModel ? taken : refused).get(draw.kind) ?? 0) + 1);

  model.now = await now();
  await compare(stage);
  holdInvariants(model);
  if (draw.kind === "slash" || draw.kind === "ruin") return;
  for (const [nth, who] of WHO.entries()) {
    if (who !== draw.who) expect(model.worthOf(who) >= worths[nth]!, "D-5").to.equal(true);
  }
}

/** Ends all disputes, lets everybody go, and nothing is left but dust. */
async function settleUp(stage: Stage): Promise<void> {
  const { model, world } = stage;
  const draw = { part: 0n, amount: 0n, wait: 0n, who: "ada" } as const;
  for (const amount of [0n, 1n, 2n]) await take(stage, { ...draw, kind: "thaw", amount });
  for (const who of WHO) {
    if (model.sharesOf(who) !== 0n) await take(stage, { ...draw, kind: "leave", who });
    if (model.claimable(who) !== 0n) await take(stage, { ...draw, kind: "claim", who });
  }
  await time.increase(9n * DAY);
  model.now = await now();
  for (const { who, day } of model.exits) {
    if (model.exitOf(who, day).worth === 0n) continue;
    await world.pools.withdraw(world[who as Who], day);
    model.withdraw(who, day);
  }
  await compare(stage);
  // A wei may be left that belongs to several: of an exit that is worth less than a wei nothing can be withdrawn.
  const dust = await world.pools.held();
  expect(dust === model.leaving && dust <= BigInt(model.exits.length)).to.equal(true);
}

/** Many small waits, some of days. */
const waits = fc.oneof(
  { weight: 5, arbitrary: fc.bigInt(0n, 7_200n) },
  { weight: 2, arbitrary: fc.bigInt(0n, 2n * DAY) },
  { weight: 1, arbitrary: fc.bigInt(6n * DAY, 9n * DAY) },
);
const amounts = fc.oneof(fc.bigInt(10n * OCTO, 3_000n * OCTO), fc.bigInt(0n, 20n * OCTO));
const parts = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt(0n, 10n ** 9n) },
  { arbitrary: fc.constant(10n ** 9n), weight: 1 },
);

const kinds = Object.entries({
  delegate: 5,
  undelegate: 4,
  leave: 2,
  withdraw: 4,
  claim: 2,
  setCut: 1,
  earn: 3,
  slash: 2,
  ruin: 1,
  freeze: 1,
  thaw: 1,
}).map(([kind, weight]) => ({ weight, arbitrary: fc.constant(kind as keyof typeof STEP) }));

const draws = fc.record<Draw>({
  kind: fc.oneof(...kinds),
  who: fc.constantFrom(...WHO),
  part: parts,
  amount: amounts,
  wait: waits,
});

async function begin(): Promise<Stage> {
  const world = await loadFixture(delegated);
  const model = new DelegationModel(OWN_BOND);
  model.delegate("ada", 300n * OCTO);
  model.delegate("bob", 100n * OCTO);
  model.now = await now();
  return { model, world };
}

describe("DelegationPools", () => {
  describe("the model", () => {
    it(`agrees with the contract over ${RUNS} sequences of up to ${STEPS} steps (I-03, I-04, I-05, I-06, I-12)`, async function () {
      this.timeout(0);
      await fc.assert(
        fc.asyncProperty(fc.array(draws, { minLength: STEPS / 2, maxLength: STEPS, size: "max" }), async (sequence) => {
          const stage = await begin();
          await compare(stage);
          for (const draw of sequence) await take(stage, draw);
          await settleUp(stage);
        }),
        { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: SEED }), endOnFailure: !DEEP },
      );
    });

    it("took every step", () => {
      expect([...taken.keys()].sort()).to.deep.equal(Object.keys(STEP).sort());
      expect([...refused.keys()]).to.include.members(["delegate", "undelegate", "withdraw", "claim"]);
    });
  });
});
