import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { AddressLike, BaseContract, BigNumberish, BytesLike, ContractTransactionResponse } from "ethers";

import type { TypedContractMethod } from "../../typechain-types/common.js";
import type { PanelArbiter } from "../../typechain-types/index.js";
import { deployed, ethers, loadFixture, networkHelpers, time, type World } from "./fixture.ts";
import { DAY } from "./jobs.ts";
import type { Ballot } from "./models/tally.ts";
import { OFFENCES } from "./slashing.ts";

export const CASE_STATUS = { None: 0n, Drawing: 1n, Voting: 2n, Ruled: 3n, Appealed: 4n, Closed: 5n } as const;

export const NOTICE = 7n * DAY;
export const VOTING = 5n * DAY;
export const WHOLE_SCORE = 100_00n;

/** How many blocks back the chain remembers hashes (EIP-2935). */
export const HISTORY = 8_191n;

/** The first account of the arbiters of genesis, by deploy/parameters/local.json5. */
const [FIRST_ARBITER, LAST_ARBITER] = [30, 44];

export const UNDECIDED = [false, 0n, false, 0n];

/** A ruling as the chain returns it. */
export function rulingOf({ share, offence }: Ballot): unknown[] {
  return [true, share, offence !== undefined, offence === undefined ? 0n : offenceOf(offence)];
}

export const offenceOf = (offence: (typeof OFFENCES)[number]) => BigInt(OFFENCES.indexOf(offence));

type Nonpayable<Arguments extends unknown[]> = TypedContractMethod<Arguments, [void], "nonpayable">;
type View<Arguments extends unknown[], Result> = TypedContractMethod<Arguments, [Result], "view">;

/** test/mocks/TestArbitrable.sol: what brings cases and notes the rulings. */
export type TestArbitrable = BaseContract & {
  openCase: Nonpayable<[parties: AddressLike[]]>;
  appeal: Nonpayable<[caseId: BigNumberish]>;
  refuse: Nonpayable<[refusing: boolean]>;
  reenter: Nonpayable<[data: BytesLike]>;
  rulingsOf: View<[caseId: BigNumberish], [boolean, bigint, boolean, bigint][]>;
  reentrySucceeded: View<[], boolean>;
  reentryResult: View<[], string>;
};

/** The suite with its fifteen arbiters, and somebody who may bring them cases. */
export type Court = World & {
  arbiter: PanelArbiter;
  arbitrable: TestArbitrable;
  arbiters: HardhatEthersSigner[];
  court: Arbitration;
};

export async function court(): Promise<Court> {
  const world = await loadFixture(deployed);
  const arbiter = world.system.panelArbiter;
  const arbitrable = (await ethers.deployContract("TestArbitrable", [arbiter])) as unknown as TestArbitrable;
  await arbiter.connect(world.actors.admin).admit(arbitrable, true);
  const arbiters = (await ethers.getSigners()).slice(FIRST_ARBITER, LAST_ARBITER + 1);
  return { ...world, arbiter, arbitrable, arbiters, court: new Arbitration(world, arbiter, arbitrable) };
}

/** As {court}, with case 1 between the client and the provider, its panel drawn. */
export async function sitting(): Promise<Court & { panel: HardhatEthersSigner[] }> {
  const world = await loadFixture(court);
  await world.court.open();
  return { ...world, panel: await world.court.draw() };
}

/** As {sitting}, and the panel has given the provider everything, unanimously and without an offence. */
export async function ruled(): Promise<Court & { panel: HardhatEthersSigner[] }> {
  const world = await loadFixture(sitting);
  for (const panellist of world.panel) await world.court.vote(panellist);
  await world.court.close();
  return world;
}

/** As {ruled}, and the ruling is appealed. */
export async function appealed(): Promise<Court & { panel: HardhatEthersSigner[] }> {
  const world = await loadFixture(ruled);
  await world.arbitrable.appeal(1n);
  return world;
}

/** As {court}, with a roster of a hundred, all of them eligible. */
export async function crowded(): Promise<Court> {
  const world = await loadFixture(court);
  for (let index = 0; index < 85; ++index) await world.court.nominate(madeUp(index));
  await time.increase(NOTICE);
  return world;
}

/** An account that nobody has the key of. */
export function madeUp(index: number): string {
  return ethers.getAddress(`0x${(index + 0x10000).toString(16).padStart(40, "a")}`);
}

/** The arbiters' contract as those use it who judge. Whatever is not said is case 1, between the client and the provider. */
export class Arbitration {
  readonly #world: World;
  readonly #arbiter: PanelArbiter;
  readonly #arbitrable: TestArbitrable;

  constructor(world: World, arbiter: PanelArbiter, arbitrable: TestArbitrable) {
    this.#world = world;
    this.#arbiter = arbiter;
    this.#arbitrable = arbitrable;
  }

  get parties(): string[] {
    return [this.#world.actors.client.address, this.#world.actors.provider.address];
  }

  /** Opens a case, and returns its number. */
  async open(parties: string[] = this.parties): Promise<bigint> {
    await this.#arbitrable.openCase(parties);
    return this.#arbiter.caseCount();
  }

  /** Waits until the draw's block is over. */
  async waitForBlock(caseId = 1n): Promise<void> {
    const { drawBlock } = await this.#arbiter.caseOf(caseId);
    const block = BigInt(await time.latestBlock());
    if (block < drawBlock) await networkHelpers.mine(drawBlock - block);
  }

  /** Draws the panel, and returns who can sign for it. */
  async draw(caseId = 1n): Promise<HardhatEthersSigner[]> {
    return Promise.all((await this.drawn(caseId)).map(async (address) => this.signer(address)));
  }

  /** Draws the panel, and returns who is on it in the order of the draw. */
  async drawn(caseId = 1n): Promise<string[]> {
    await this.waitForBlock(caseId);
    const receipt = await (await this.#arbiter.draw(caseId)).wait();
    const [drawn] = await this.#arbiter.queryFilter(
      this.#arbiter.filters.PanelDrawn(caseId),
      receipt!.blockNumber,
      receipt!.blockNumber,
    );
    return [...(drawn?.args.panellists ?? [])];
  }

  /** Votes: for the provider and without an offence, unless said otherwise. */
  async vote(
    voter: HardhatEthersSigner,
    { share = 100n, offence }: Partial<Ballot> = {},
    caseId = 1n,
  ): Promise<ContractTransactionResponse> {
    const named = offence === undefined ? 0n : offenceOf(offence);
    return this.#arbiter.connect(voter).vote(caseId, share, offence !== undefined, named);
  }

  /** The first of the voters cast these votes. */
  async votes(voters: readonly HardhatEthersSigner[], ballots: readonly Partial<Ballot>[], caseId = 1n): Promise<void> {
    for (const [index, ballot] of ballots.entries()) await this.vote(voters[index]!, ballot, caseId);
  }

  /** Lets the time to vote pass, and one second more. */
  async waitForDeadline(caseId = 1n): Promise<void> {
    const { deadline } = await this.#arbiter.caseOf(caseId);
    if (BigInt(await time.latest()) < deadline) await time.increaseTo(deadline);
  }

  async close(caseId = 1n): Promise<ContractTransactionResponse> {
    return this.#arbiter.connect(this.#world.actors.stranger).close(caseId);
  }

  /** What the arbitrable was told. */
  async rulings(caseId = 1n): Promise<unknown[][]> {
    return (await this.#arbitrable.rulingsOf(caseId)).map((ruling) => [...ruling]);
  }

  async nominate(account: string): Promise<ContractTransactionResponse> {
    return this.#arbiter.connect(this.#world.actors.admin).nominate(account);
  }

  async dismiss(account: string): Promise<ContractTransactionResponse> {
    return this.#arbiter.connect(this.#world.actors.admin).dismiss(account);
  }

  /** Who signs for an arbiter, also for one that nobody has the key of. */
  async signer(address: string): Promise<HardhatEthersSigner> {
    const known = (await ethers.getSigners()).find((signer) => signer.address === address);
    if (known !== undefined) return known;
    await networkHelpers.impersonateAccount(address);
    await networkHelpers.setBalance(address, 10n ** 20n);
    return ethers.getSigner(address);
  }

  /** Lets a member be silent on panels that fail, so many times. */
  async silence(member: string, times: number): Promise<void> {
    for (let silent = 0; silent < times;) {
      const caseId = await this.open();
      const panel = await this.draw(caseId);
      // One vote is too few for a verdict; who is not meant has voted and keeps his score.
      for (const panellist of panel) {
        if (panellist.address !== member) await this.vote(panellist, { share: tied(panel, panellist) }, caseId);
      }
      if (panel.some(({ address }) => address === member)) ++silent;
      await this.waitForDeadline(caseId);
      await this.close(caseId);
    }
  }
}

/** A share such that a whole panel that votes so has no majority. */
function tied(panel: readonly HardhatEthersSigner[], panellist: HardhatEthersSigner): bigint {
  return [0n, 25n, 50n, 75n, 100n][panel.indexOf(panellist) % 5]!;
}
