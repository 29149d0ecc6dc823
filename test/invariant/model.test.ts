// Random sequences of commands, stepped through the model of the money and through the contracts side by side. After
// each command the numbers that it moved are compared, at the end all of them.
//
//   DEEP=1       ten times as many sequences, other ones each time
//   SEED=123     the sequences of a failure again; fast-check prints its seed

import { expect } from "chai";
import fc from "fast-check";

import { dealOf, domainOf, NO_CONSENT, RECEIVE_TYPES } from "../../scripts/lib/deal.ts";
import { SCHEDULES } from "../../deploy/roles.ts";
import { type Actors, ethers, loadFixture, OCTO, staffed, time, type World } from "../support/fixture.ts";
import { DAY, type TrackRecord } from "../support/models/score.ts";
import { type Exit, type Job, type NewJob, packed, ROLE, STATUS, VaultModel } from "../support/models/vault.ts";

const DEEP = process.env["DEEP"] !== undefined;
const RUNS = DEEP ? 100 : 20;
const COMMANDS = 30;
const SEED = process.env["SEED"] === undefined ? (DEEP ? undefined : 8183) : Number(process.env["SEED"]);

const { MaxUint256, ZeroAddress } = ethers;

const PLAYERS = ["client", "other", "provider", "stranger", "orchestrator", "evaluator"] as const;
type Player = (typeof PLAYERS)[number];
const CLIENTS = ["client", "other"] as const;
const PROVIDERS = ["provider", "stranger"] as const;
const ROLES = Object.values(ROLE);

// What a key of the model says on chain

type Reader = (world: World, ...path: string[]) => Promise<bigint>;

const addressOf = ({ actors }: World, name: string) => actors[name as keyof Actors].address;
const tokenOf = ({ system }: World, role: string) => system.roleTokens[role === "1" ? "A" : role === "4" ? "O" : "D"];
const flag = (on: boolean) => (on ? 1n : 0n);

async function positionOf(world: World, account: string, role: bigint | string) {
  const position = await world.system.registry.positionOf(addressOf(world, account), role);
  const { octoBond, roleBond, maxBudget } = position;
  const record = (position.record as unknown as { toObject(): TrackRecord }).toObject();
  return { octoBond, roleBond, maxBudget, record };
}

async function exitOf(world: World, [role, account, day]: string[]) {
  return world.system.registry.exitOf(addressOf(world, account!), role!, day!);
}

const READERS: Record<string, Reader> = {
  wallet: (world, account) => world.system.octo.balanceOf(addressOf(world, account!)),
  credit: (world, account) => world.system.settlement.creditOf(addressOf(world, account!)),
  payOut: async (world, account) => (await world.system.settlement.accountOf(addressOf(world, account!))).consents & 1n,
  consent: async (world, account) => {
    const { index } = await world.system.settlement.marketOf(world.system.addresses.jobMarket);
    return ((await world.system.settlement.accountOf(addressOf(world, account!))).consents >> index) & 1n;
  },
  vault: ({ system }) => system.octo.balanceOf(system.addresses.settlement),
  registry: ({ system }) => system.octo.balanceOf(system.addresses.registry),
  engine: ({ system }) => system.octo.balanceOf(system.addresses.engine),
  supply: ({ system }) => system.octo.totalSupply(),
  market: async ({ system }) => (await system.settlement.marketOf(system.addresses.jobMarket)).balance,
  fees: async ({ system }, leg) => (await system.settlement.sums())[leg as "treasury" | "burn" | "voters"],
  committed: async ({ system }) => (await system.settlement.sums()).committed,
  earmarked: ({ system }, role) => system.settlement.earmarkOf(role!),
  volume: ({ system }, role, epoch) => system.settlement.volumeOf(role!, epoch!),
  held: ({ system }, role) => system.engine.heldOf(role!),
  roleSupply: (world, role) => tokenOf(world, role!).totalSupply(),
  roleWallet: (world, role, account) => tokenOf(world, role!).balanceOf(addressOf(world, account!)),
  octoBond: async (world, role, account) =>
    (await world.system.registry.bondOf(addressOf(world, account!), role!)).octoBond,
  roleBond: async (world, role, account) =>
    (await world.system.registry.bondOf(addressOf(world, account!), role!)).roleBond,
  active: async (world, role, account) => flag(await world.system.registry.isActive(addressOf(world, account!), role!)),
  inFlight: (world, account) => world.system.settlement.inFlightOf(addressOf(world, account!)),
  terms: async (world, role, account) => (await positionOf(world, account!, role!)).maxBudget * OCTO, // kept in whole OCTO
  tasks: async (world, role, account) => (await positionOf(world, account!, role!)).record.tasks,
  record: async (world, role, account) => packed((await positionOf(world, account!, role!)).record),
  octoExit: async (world, ...path) => (await exitOf(world, path)).octo,
  roleExit: async (world, ...path) => (await exitOf(world, path)).roleTokens,
  status: async ({ system }, id) => (await system.jobMarket.getJob(id!)).status,
};

async function compare(model: VaultModel, world: World, keys: string[]): Promise<void> {
  const onChain = await Promise.all(
    keys.map(async (key) => {
      const [kind, ...path] = key.split("/");
      return [key, await READERS[kind!]!(world, ...path)] as const;
    }),
  );
  const inModel = keys.map((key) => [key, model.get(key)] as const);
  expect(Object.fromEntries(onChain)).to.deep.equal(Object.fromEntries(inModel));
}

// Commands

/** What a command needs of the random numbers: a seed to choose with, and an amount. */
type Draw = { seed: number; amount: bigint };
/** Prepares one step, or says that now it cannot be taken. */
type Plan = (model: VaultModel, draw: Draw) => Step | undefined;
/** Takes the step on chain and in the model. */
type Step = { onChain: (world: World) => Promise<unknown>; inModel: () => void };

/** How often each command was really taken. */
const taken = new Map<string, number>();

class Command implements fc.AsyncCommand<VaultModel, World> {
  constructor(
    private readonly name: string,
    private readonly plan: Plan,
    private readonly draw: Draw,
  ) {}

  check(model: VaultModel): boolean {
    return this.plan(model, this.draw) !== undefined;
  }

  async run(model: VaultModel, world: World): Promise<void> {
    model.now += 1n;
    await time.setNextBlockTimestamp(model.now);
    const step = this.plan(model, this.draw);
    if (step === undefined) return; // the second that has just passed was the last
    await step.onChain(world);
    step.inModel();
    taken.set(this.name, (taken.get(this.name) ?? 0) + 1);
    await compare(model, world, model.takeTouched());
  }

  toString(): string {
    return `${this.name}(${this.draw.seed}, ${this.draw.amount}n)`;
  }
}

/** One of several, and what is left of the seed for the next choice. */
function nth<T>(list: readonly T[], seed: number, place = 0): T {
  return list[Math.floor(seed / 7 ** place) % list.length]!;
}

function jobIn(model: VaultModel, { seed }: Draw, fits: (job: Job) => boolean): Job | undefined {
  const jobs = model.jobs.filter(fits);
  return jobs.length === 0 ? undefined : nth(jobs, seed);
}

const signerOf = ({ actors }: World, name: string) => actors[name as keyof Actors];

/** A deal between whom the seed names, if they are ready for it. */
function dealFrom(model: VaultModel, { seed, amount }: Draw): NewJob | undefined {
  const role = nth([ROLE.A, ROLE.D] as const, seed, 2);
  const active = PROVIDERS.filter((provider) => model.isActive(provider, role));
  const helpers = model.isActive("orchestrator", ROLE.O) ? [undefined, "orchestrator"] : [undefined];
  if (active.length === 0) return undefined;
  const client = nth(CLIENTS, seed);
  return {
    client,
    provider: nth(active, seed, 1),
    evaluator: nth([client, "evaluator"], seed, 3),
    orchestrator: nth(helpers, seed, 4),
    role,
    budget: amount,
    duration: BigInt(1 + (seed % 10)) * DAY,
  };
}

function onChainDeal(world: World, model: VaultModel, deal: NewJob) {
  return dealOf(
    { client: addressOf(world, deal.client), provider: addressOf(world, deal.provider) },
    {
      evaluator: addressOf(world, deal.evaluator),
      orchestrator: deal.orchestrator === undefined ? ZeroAddress : addressOf(world, deal.orchestrator),
      role: deal.role,
      schedule: SCHEDULES.SERVICE,
      duration: deal.duration,
      salt: ethers.toBeHex(model.jobs.length, 32),
    },
  );
}

/** Hires out of the client's wallet or credit. */
function hiring(how: "hire" | "hireFromCredit" | "hireWithAuthorization"): Plan {
  const from = how === "hireFromCredit" ? "credit" : "wallet";
  return (model, draw) => {
    const deal = dealFrom(model, draw);
    if (deal === undefined) return undefined;
    const purse = model.get(`${from}/${deal.client}`);
    if (from === "credit" && deal.budget > purse) deal.budget = purse;
    if (deal.budget === 0n || deal.budget > purse) return undefined;
    if (from === "credit" && model.get(`consent/${deal.client}`) === 0n) return undefined;
    if (!model.carries(deal)) return undefined;
    return {
      onChain: (world) => hireOnChain(world, model, deal, how),
      inModel: () => model.hire(deal, from),
    };
  };
}

async function hireOnChain(world: World, model: VaultModel, deal: NewJob, how: string): Promise<unknown> {
  const { jobMarket } = world.system;
  const client = signerOf(world, deal.client);
  const terms = onChainDeal(world, model, deal);
  if (how === "hire") return jobMarket.connect(client).hire(terms, deal.budget, NO_CONSENT);
  if (how === "hireFromCredit") return jobMarket.connect(client).hireFromCredit(terms, deal.budget, NO_CONSENT);

  const { chainId } = await ethers.provider.getNetwork();
  const signature = await client.signTypedData(
    domainOf("CipherOcto", chainId, world.system.addresses.octo),
    RECEIVE_TYPES,
    {
      from: client.address,
      to: world.system.addresses.settlement,
      value: deal.budget,
      validAfter: 0n,
      validBefore: MaxUint256,
      nonce: await jobMarket.authorizationNonceOf(terms),
    },
  );
  return jobMarket.connect(client).hireWithAuthorization(terms, deal.budget, 0n, MaxUint256, signature, NO_CONSENT);
}

const PLANS: Record<string, Plan> = {
  deposit: (model, { seed, amount }) => {
    const [payer, account] = [nth(PLAYERS, seed), nth(PLAYERS, seed, 1)];
    if (model.get(`wallet/${payer}`) < amount) return undefined;
    return {
      onChain: (world) =>
        world.system.settlement.connect(signerOf(world, payer)).deposit(addressOf(world, account), amount),
      inModel: () => model.deposit(payer, account, amount),
    };
  },
  withdraw: (model, { seed, amount }) => {
    const rich = PLAYERS.filter((player) => model.get(`credit/${player}`) > 0n);
    if (rich.length === 0) return undefined;
    const [account, to] = [nth(rich, seed), nth(PLAYERS, seed, 1)];
    const credit = model.get(`credit/${account}`);
    const part = seed % 3 === 0 ? credit : 1n + (amount % credit);
    return {
      onChain: (world) =>
        world.system.settlement.connect(signerOf(world, account)).withdraw(addressOf(world, to), part),
      inModel: () => model.withdraw(account, to, part),
    };
  },
  setPayOut: (model, { seed }) => {
    const [account, on] = [nth(PLAYERS, seed), seed % 2 === 0];
    return {
      onChain: (world) => world.system.settlement.connect(signerOf(world, account)).setPayOut(on),
      inModel: () => model.setPayOut(account, on),
    };
  },
  setCreditConsent: (model, { seed }) => {
    const [account, allowed] = [nth(CLIENTS, seed, 1), seed % 4 !== 0];
    return {
      onChain: (world) =>
        world.system.settlement
          .connect(signerOf(world, account))
          .setCreditConsent(world.system.addresses.jobMarket, allowed),
      inModel: () => model.setConsent(account, allowed),
    };
  },
  sweep: (model) => ({
    onChain: (world) => world.system.settlement.connect(world.actors.relayer).sweep(),
    inModel: () => model.sweep(),
  }),

  hire: hiring("hire"),
  hireFromCredit: hiring("hireFromCredit"),
  hireWithAuthorization: hiring("hireWithAuthorization"),

  createJob: (model, draw) => {
    const drawn = dealFrom(model, draw);
    if (drawn === undefined) return undefined;
    const deal: NewJob = { ...drawn, orchestrator: undefined, role: ROLE.D }; // what the plain interface can say
    return {
      onChain: async (world) => {
        const market = world.system.jobMarket.connect(signerOf(world, deal.client));
        const [provider, judge] = [addressOf(world, deal.provider), addressOf(world, deal.evaluator)];
        const deadline = model.now + deal.duration;
        await market.createJob(provider, judge, deadline, "terms", ZeroAddress, 0n);
        model.now += 1n;
        await time.setNextBlockTimestamp(model.now);
        await market.setBudget(model.jobs.length + 1, world.system.addresses.octo, deal.budget, "0x");
      },
      // The deadline was reckoned from the block before.
      inModel: () => model.create({ ...deal, duration: deal.duration - 1n }),
    };
  },
  fund: (model, draw) => {
    const job = jobIn(
      model,
      draw,
      (job) =>
        job.status === STATUS.Open &&
        model.now + 301n <= job.deadline &&
        model.isActive(job.provider, job.role) &&
        model.carries(job) &&
        model.get(`wallet/${job.client}`) >= job.budget,
    );
    if (job === undefined) return undefined;
    return {
      onChain: (world) => world.system.jobMarket.connect(signerOf(world, job.client)).fund(job.id, job.budget, "0x"),
      inModel: () => model.fund(job),
    };
  },
  submit: (model, draw) => {
    const job = jobIn(model, draw, ({ status, deadline }) => status === STATUS.Funded && model.now < deadline);
    if (job === undefined) return undefined;
    return {
      onChain: (world) =>
        world.system.jobMarket.connect(signerOf(world, job.provider)).submit(job.id, ethers.id("work"), "0x"),
      inModel: () => model.submit(job),
    };
  },
  complete: (model, draw) => {
    const job = jobIn(model, draw, ({ status }) => status === STATUS.Submitted);
    if (job === undefined) return undefined;
    return {
      onChain: (world) =>
        world.system.jobMarket.connect(signerOf(world, job.evaluator)).complete(job.id, ethers.id("good"), "0x"),
      inModel: () => model.complete(job),
    };
  },
  release: (model, draw) => {
    const job = jobIn(
      model,
      draw,
      ({ status, reviewEndsAt }) => status === STATUS.Submitted && model.now > reviewEndsAt,
    );
    if (job === undefined) return undefined;
    return {
      onChain: (world) => world.system.jobMarket.connect(world.actors.relayer).release(job.id),
      inModel: () => model.complete(job),
    };
  },
  reject: (model, draw) => {
    const job = jobIn(
      model,
      draw,
      ({ status, client, evaluator, reviewEndsAt }) =>
        status === STATUS.Open ||
        status === STATUS.Funded ||
        (status === STATUS.Submitted && evaluator !== client && model.now < reviewEndsAt),
    );
    if (job === undefined) return undefined;
    const judge = job.status === STATUS.Open ? job.client : job.evaluator;
    return {
      onChain: (world) => world.system.jobMarket.connect(signerOf(world, judge)).reject(job.id, ethers.id("bad"), "0x"),
      inModel: () => model.refund(job, STATUS.Rejected),
    };
  },
  claimRefund: (model, draw) => {
    const job = jobIn(
      model,
      draw,
      ({ status, deadline }) => (status === STATUS.Open || status === STATUS.Funded) && model.now > deadline,
    );
    if (job === undefined) return undefined;
    return {
      onChain: (world) => world.system.jobMarket.connect(world.actors.relayer).claimRefund(job.id),
      inModel: () => model.refund(job, STATUS.Expired),
    };
  },

  buy: (model, { seed, amount }) => {
    const [account, role] = [nth(PLAYERS, seed), nth(ROLES, seed, 1)];
    const octoIn = amount + 4n * OCTO; // at least one role token
    if (model.get(`wallet/${account}`) < octoIn) return undefined;
    return {
      onChain: (world) => world.system.engine.connect(signerOf(world, account)).buy(role, octoIn, 1n, MaxUint256),
      inModel: () => model.buy(account, role, octoIn),
    };
  },
  bond: (model, { seed, amount }) => {
    const [account, role] = [nth(PROVIDERS, seed), nth(ROLES, seed, 1)];
    const purse = model.get(`roleWallet/${role}/${account}`);
    const roleTokens = seed % 3 === 0 ? purse : amount < purse ? amount : 0n;
    if (model.get(`wallet/${account}`) < amount) return undefined;
    return {
      onChain: (world) => world.system.registry.connect(signerOf(world, account)).bond(role, amount, roleTokens),
      inModel: () => model.bond(account, role, amount, roleTokens),
    };
  },
  unbond: (model, { seed, amount }) => {
    const [account, role] = [nth([...PROVIDERS, "orchestrator"] as const, seed), nth(ROLES, seed, 1)];
    const [octoBond, roleBond] = [model.get(`octoBond/${role}/${account}`), model.get(`roleBond/${role}/${account}`)];
    const part = (bond: bigint) => (seed % 5 === 0 ? bond : bond === 0n ? 0n : amount % bond);
    const [octo, roleTokens] = [part(octoBond), part(roleBond)];
    if (octo + roleTokens === 0n || !model.frees(account, role, octo)) return undefined;
    return {
      onChain: (world) => world.system.registry.connect(signerOf(world, account)).unbond(role, octo, roleTokens),
      inModel: () => model.unbond(account, role, octo, roleTokens),
    };
  },
  setStandingTerms: (model, { seed, amount }) => {
    const [account, role] = [nth(PROVIDERS, seed), nth([ROLE.A, ROLE.D] as const, seed, 1)];
    const maxBudget = seed % 3 === 0 ? 20_000n * OCTO : amount;
    return {
      onChain: (world) => world.system.registry.connect(signerOf(world, account)).setStandingTerms(role, maxBudget, 0n),
      inModel: () => model.setTerms(account, role, maxBudget - (maxBudget % OCTO)),
    };
  },
  withdrawBond: (model, { seed }) => {
    const free: Exit[] = model.exits.filter(({ day }) => model.now >= day * DAY);
    if (free.length === 0) return undefined;
    const [exit, to] = [nth(free, seed), nth(PLAYERS, seed, 1)];
    return {
      onChain: (world) =>
        world.system.registry
          .connect(signerOf(world, exit.account))
          .withdraw(exit.role, exit.day, addressOf(world, to)),
      inModel: () => model.leave(exit, to),
    };
  },

  transfer: (model, { seed, amount }) => {
    const [from, to] = [nth(PLAYERS, seed), nth(PLAYERS, seed, 1)];
    if (model.get(`wallet/${from}`) < amount) return undefined;
    return {
      onChain: (world) => world.system.octo.connect(signerOf(world, from)).transfer(addressOf(world, to), amount),
      inModel: () => model.transfer(from, to, amount),
    };
  },
  burn: (model, { seed, amount }) => {
    const from: Player = nth(PLAYERS, seed);
    if (model.get(`wallet/${from}`) < amount) return undefined;
    return {
      onChain: (world) => world.system.octo.connect(signerOf(world, from)).burn(amount),
      inModel: () => model.burn(from, amount),
    };
  },
  wait: (model, { seed }) => {
    const until = model.now + 1n + (BigInt(seed) % (14n * DAY));
    return {
      onChain: () => time.increaseTo(until),
      inModel: () => {
        model.now = until;
      },
    };
  },
};

/** Dust, around the smallest settlement that is recorded, or up to 20,000 OCTO. */
const amounts = fc.oneof(
  fc.bigInt({ min: 1n, max: 10_000n }),
  fc.bigInt({ min: 1n, max: 20n * OCTO }),
  fc.bigInt({ min: 1n, max: 20_000n * OCTO }),
);

/** Commands that others wait for are drawn more often. */
const WEIGHTS: Record<string, number> = {
  deposit: 2,
  setCreditConsent: 2,
  setStandingTerms: 2,
  hire: 2,
  submit: 4,
  complete: 2,
  wait: 3,
};

const commands = fc.commands(
  Object.entries(PLANS).flatMap(([name, plan]) => {
    const command = fc.record({ seed: fc.nat(), amount: amounts }).map((draw) => new Command(name, plan, draw));
    return Array.from({ length: WEIGHTS[name] ?? 1 }, () => command);
  }),
  { maxCommands: 2 * COMMANDS, size: "max" }, // half of them on average
);

/** The staffed suite, and a model that stands where it stands. */
async function begin(): Promise<{ model: VaultModel; real: World }> {
  const real = await loadFixture(staffed);
  const model = new VaultModel(await real.system.octo.genesisAt(), BigInt(await time.latest()));
  const keys = [
    ...["vault", "registry", "engine", "supply", "market", "committed", "wallet/treasury"],
    ...["fees/treasury", "fees/burn", "fees/voters"],
    ...PLAYERS.flatMap((player) => [`wallet/${player}`, `credit/${player}`, `payOut/${player}`]),
    ...ROLES.flatMap((role) => [`held/${role}`, `roleSupply/${role}`, `earmarked/${role}`]),
  ];
  for (const key of keys) {
    const [kind, ...path] = key.split("/");
    model.set(key, await READERS[kind!]!(real, ...path));
  }
  for (const role of ROLES) {
    for (const player of PLAYERS) {
      const active = await real.system.registry.isActive(addressOf(real, player), role);
      model.begin(player, role, { ...(await positionOf(real, player, role)), active });
    }
  }
  model.takeTouched();
  return { model, real };
}

describe("The model of the money", () => {
  it("agrees with the contracts after any sequence of commands", async function () {
    this.timeout(RUNS * 60_000);
    const property = fc.asyncProperty(commands, async (sequence) => {
      const setup = await begin();
      await fc.asyncModelRun(() => setup, sequence);
      await compare(setup.model, setup.real, setup.model.keys());
    });
    await fc.assert(property, { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: SEED }) });
  });

  it("was really stepped: every command was taken", () => {
    const idle = Object.keys(PLANS).filter((name) => !taken.has(name));
    expect(idle, JSON.stringify(Object.fromEntries(taken))).to.deep.equal([]);
  });
});
