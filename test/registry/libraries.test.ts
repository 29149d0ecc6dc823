import { expect } from "chai";
import type { BaseContract } from "ethers";
import fc from "fast-check";

import type { TypedContractMethod } from "../../typechain-types/common.js";
import { ethers, OCTO } from "../support/fixture.ts";
import * as model from "../support/models/score.ts";
import { type Averages, averagesOf, BLANK, DAY, FLAG, POINT, type TrackRecord, WEEK } from "../support/models/score.ts";
import { MINIMUMS } from "../support/positions.ts";

type View<Arguments extends unknown[], Result> = TypedContractMethod<Arguments, [Result], "view">;
type Rule<Arguments extends unknown[]> = View<[record: TrackRecord, ...Arguments], TrackRecord>;

type ScoreHarness = BaseContract & {
  begin: Rule<[timestamp: bigint]>;
  add: Rule<[weight: bigint, success: bigint, speed: bigint, timestamp: bigint]>;
  addRating: Rule<[weight: bigint, rating: bigint, timestamp: bigint]>;
  penalize: Rule<[penalty: bigint, timestamp: bigint]>;
  decay: Rule<[timestamp: bigint]>;
  advance: Rule<[timestamp: bigint]>;
  beat: Rule<[timestamp: bigint]>;
  setDuty: Rule<[on: boolean, timestamp: bigint]>;
  points: View<[record: TrackRecord, timestamp: bigint], bigint>;
  uptime: View<[record: TrackRecord], bigint>;
  missed: View<[record: TrackRecord, window: bigint], boolean>;
  expWad: View<[x: bigint], bigint>;
  windowAt: View<[timestamp: bigint], bigint>;
  endOf: View<[window: bigint], bigint>;
  tierOf: View<[octoBond: bigint, minimum: bigint], bigint>;
  gradeOf: View<[score: bigint], bigint>;
  cohortOf: View<[ordinal: bigint], bigint>;
  discounted: View<[minimum: bigint, score: bigint], bigint>;
  lockedBy: View<[valueInFlight: bigint], bigint>;
  routingWeight: View<[score: bigint, octoBond: bigint, ageDays: bigint, tasks: bigint], bigint>;
};

const DEEP = process.env["DEEP"] !== undefined;
const RUNS = DEEP ? 1_000 : 100;

const BEST = 100n * POINT;
const START = 20n * POINT;
const WHOLE = model.WHOLE_STEP;

/** A noon and a beginning of a window: half of both days lies on either side of it. */
const NOON = model.ORIGIN + 100n * DAY + DAY / 2n - 4n * 3_600n;
const MIDNIGHT = model.ORIGIN + 101n * DAY;
const { WINDOW, REMEMBERED } = model;

/** The names of what has moved, and by how much. */
const NAMES = ["success", "speed", "uptime", "security", "peer"] as const;

/** A record without a past, at its first activation. */
const begun = (at = NOON): TrackRecord => model.begin(BLANK, at);

/** A record whose last task was at noon, with averages as drawn. */
const lastAtNoon = (averages: Averages): TrackRecord => ({ ...begun(), ...averages });

/** Any averages. */
const average = () => fc.bigInt(0n, BEST);
const anyAverages = fc.record({
  success: average(),
  speed: average(),
  uptime: average(),
  security: average(),
  peer: average(),
});

/** A reply of the harness as the model writes it. */
function plain(record: TrackRecord): TrackRecord {
  const names = Object.keys(BLANK) as (keyof TrackRecord)[];
  return Object.fromEntries(names.map((name) => [name, record[name]])) as TrackRecord;
}

function averagesIn(record: TrackRecord): Averages {
  return Object.fromEntries(NAMES.map((name) => [name, record[name]])) as Averages;
}

describe("the registry's libraries", () => {
  let harness: ScoreHarness;

  before(async () => {
    harness = (await ethers.deployContract("ScoreHarness")) as unknown as ScoreHarness;
  });

  describe("Score", () => {
    /** Several tasks one after the other: weight, sample of success, moment. */
    async function afterTasks(record: TrackRecord, tasks: readonly (readonly [bigint, bigint, bigint])[]) {
      for (const [weight, sample, at] of tasks) record = plain(await harness.add(record, weight, sample, sample, at));
      return record;
    }

    describe("begin", () => {
      it("starts every average at 20, the day's step unused and no window due", async () => {
        const record = plain(await harness.begin(BLANK, NOON));
        expect(record).to.deep.equal({
          ...BLANK,
          ...averagesOf(START),
          activatedDay: NOON / DAY,
          idleFrom: NOON + WEEK,
          beatWindow: (NOON - model.ORIGIN) / WINDOW,
          beats: 2n ** 22n - 1n,
        });
      });

      it("keeps the tasks that were done before", async () => {
        const before = await harness.add(BLANK, WHOLE, 100n, 100n, NOON);
        expect((await harness.begin(plain(before), NOON)).tasks).to.equal(1n);
      });
    });

    describe("add", () => {
      it("only counts for a position that was never active", async () => {
        expect(plain(await harness.add(BLANK, WHOLE, 100n, 100n, NOON))).to.deep.equal({ ...BLANK, tasks: 1n });
      });

      it("stays at the largest number of tasks", async () => {
        const most = 2n ** 24n - 1n;
        const [last, more] = [await harness.add({ ...begun(), tasks: most - 1n }, 0n, 0n, 0n, NOON), most];
        expect(last.tasks).to.equal(most);
        expect((await harness.add({ ...begun(), tasks: more }, 0n, 0n, 0n, NOON)).tasks).to.equal(most);
      });

      for (const [from, sample, weight, expected] of [
        [START, 100n, 0n, START],
        [START, 100n, 1n, START + 40n],
        [START, 100n, 500n, START + (2n * POINT) / 10n],
        [START, 100n, 5_000n, 22n * POINT],
        [START, 100n, 9_999n, 24n * POINT - 40n],
        [START, 100n, WHOLE, 24n * POINT],
        [START, 100n, WHOLE + 1n, 24n * POINT],
        [START, 20n, WHOLE, START],
        [START, 60n, WHOLE, 22n * POINT],
        [START, 0n, 0n, START],
        [START, 0n, 5_000n, (195n * POINT) / 10n],
        [START, 0n, WHOLE, 19n * POINT],
        [0n, 0n, WHOLE, 0n],
        [0n, 100n, WHOLE, 5n * POINT],
        [BEST, 100n, WHOLE, BEST],
        [BEST, 0n, WHOLE, 95n * POINT],
      ] as const) {
        it(`moves ${from} towards a sample of ${sample} with weight ${weight} to ${expected}`, async () => {
          const { success, speed } = await harness.add(lastAtNoon(averagesOf(from)), weight, sample, sample, NOON);
          expect([success, speed]).to.deep.equal([expected, expected]);
        });
      }

      for (const [from, sample, expected] of [
        [BEST - 1n, 100n, BEST - 1n],
        [BEST - 19n, 100n, BEST - 19n],
        [BEST - 20n, 100n, BEST - 19n],
        [1n, 0n, 0n],
        [20n, 0n, 19n],
        [21n, 0n, 19n],
      ] as const) {
        it(`rounds against the provider: from ${from} towards ${sample} to ${expected}`, async () => {
          const { success } = await harness.add(lastAtNoon(averagesOf(from)), WHOLE, sample, sample, NOON);
          expect(success).to.equal(expected);
        });
      }

      it("moves no rating, and no uptime off duty", async () => {
        const { uptime, peer } = await harness.add(begun(), WHOLE, 100n, 100n, NOON);
        expect([uptime, peer]).to.deep.equal([START, START]);
      });

      it("moves uptime on duty, by the windows that were not missed", async () => {
        const onDuty = model.setDuty(begun(), true, NOON);
        const { uptime } = await harness.add(onDuty, WHOLE, 100n, 100n, NOON + 4n * WINDOW);
        // 18 of 21 are 85, rounded down.
        expect(uptime).to.equal(START + (65n * POINT) / 20n);
      });

      it("moves security towards 100 without an offence, and once towards 0 after one", async () => {
        const clean = await harness.add(begun(), WHOLE, 100n, 100n, NOON);
        const offended = await harness.add({ ...begun(), flags: FLAG.offended }, WHOLE, 100n, 100n, NOON);
        const again = await harness.add(plain(offended), WHOLE, 100n, 100n, NOON + DAY);
        expect([clean.security, offended.security]).to.deep.equal([24n * POINT, 19n * POINT]);
        expect([offended.flags, again.security]).to.deep.equal([0n, 19n * POINT + (81n * POINT) / 20n]);
      });

      it("leaves the other flags alone", async () => {
        const flags = FLAG.onDuty | FLAG.delegated;
        const record = { ...begun(), flags: flags | FLAG.offended };
        expect((await harness.add(record, WHOLE, 0n, 0n, NOON)).flags).to.equal(flags);
      });

      it("counts idle time from seven days later", async () => {
        expect((await harness.add(begun(), 0n, 0n, 0n, NOON + DAY)).idleFrom).to.equal(NOON + DAY + WEEK);
      });
    });

    describe("the step of a day", () => {
      for (const [what, tasks, expected, used] of [
        ["one whole task", [[WHOLE, 100n, NOON]], 24n * POINT, WHOLE],
        [
          "two halves, the second of what is left to go",
          [
            [5_000n, 100n, NOON],
            [5_000n, 100n, NOON],
          ],
          22n * POINT + (78n * POINT) / 40n,
          WHOLE,
        ],
        [
          "two of 60 %, the second cut to 40 %",
          [
            [6_000n, 100n, NOON],
            [6_000n, 100n, NOON + 3_600n],
          ],
          2_240_000n + (7_760_000n * 4n) / 200n,
          WHOLE,
        ],
        [
          "nothing more once it is used",
          [
            [WHOLE, 100n, NOON],
            [WHOLE, 100n, NOON + 1n],
            [WHOLE, 0n, NOON + 2n],
          ],
          24n * POINT,
          WHOLE,
        ],
        [
          "all until the last second of the day",
          [
            [WHOLE, 100n, NOON],
            [WHOLE, 100n, MIDNIGHT - 1n],
          ],
          24n * POINT,
          WHOLE,
        ],
        [
          "a new one from midnight on",
          [
            [WHOLE, 100n, MIDNIGHT - 1n],
            [3_000n, 100n, MIDNIGHT],
          ],
          24n * POINT + (76n * POINT * 3n) / 200n,
          3_000n,
        ],
        [
          "a whole one each on two days",
          [
            [WHOLE, 100n, MIDNIGHT - 1n],
            [WHOLE, 100n, MIDNIGHT],
            [WHOLE, 100n, MIDNIGHT + 1n],
          ],
          24n * POINT + (76n * POINT) / 20n,
          WHOLE,
        ],
      ] as const) {
        it(`is ${what}`, async () => {
          const { success, stepUsed } = await afterTasks(begun(), tasks);
          expect([success, stepUsed]).to.deep.equal([expected, used]);
        });
      }

      it("is whole again on the day of a task after idleness or a rating", async () => {
        const used = model.add(begun(), WHOLE, 100n, 100n, NOON);
        for (const at of [NOON + WEEK, NOON + 10n * DAY]) {
          const rated = plain(await harness.addRating(used, WHOLE, 100n, at));
          expect((await harness.add(rated, WHOLE, 100n, 100n, at)).stepUsed, `${at}`).to.equal(WHOLE);
          expect((await harness.add(rated, WHOLE, 100n, 100n, at)).success).not.to.equal(rated.success);
        }
      });

      it("is not renewed by a rating or a penalty on the same day", async () => {
        const used = model.add(begun(), WHOLE, 100n, 100n, NOON);
        const rated = plain(await harness.addRating(used, WHOLE, 0n, NOON + 1n));
        const fined = plain(await harness.penalize(rated, 1n, NOON + 2n));
        expect((await harness.add(fined, WHOLE, 100n, 100n, NOON + 3n)).success).to.equal(23n * POINT);
      });

      it("bounds what a day's tasks move, however many they are (I-17)", async () => {
        const task = fc.tuple(fc.bigInt(0n, WHOLE), fc.bigInt(0n, 100n), fc.bigInt(0n, DAY - 1n));
        const day = fc
          .array(task, { minLength: 1, maxLength: 12 })
          .map((tasks) =>
            tasks
              .map(([weight, sample, offset]) => [weight, sample, MIDNIGHT + offset] as const)
              .sort((one, other) => Number(one[2] - other[2])),
          );
        await fc.assert(
          fc.asyncProperty(anyAverages, day, async (averages, tasks) => {
            const before = lastAtNoon(averages);
            const after = await afterTasks(before, tasks);
            for (const name of ["success", "speed", "security"] as const) {
              const way = after[name] - before[name];
              const bound = 5n * POINT + BigInt(tasks.length);
              expect(way <= bound && way >= -bound, `${name} moved by ${way}`).to.equal(true);
            }
          }),
          { numRuns: RUNS / 4 },
        );
      });
    });

    describe("addRating", () => {
      it("moves the ratings' average and nothing else", async () => {
        const record = begun();
        const rated = plain(await harness.addRating(record, WHOLE, 100n, NOON));
        expect(rated).to.deep.equal({ ...record, peer: 24n * POINT });
      });

      it("is no task: idle time goes on", async () => {
        const at = NOON + WEEK + DAY;
        const { idleFrom, tasks, stepUsed } = await harness.addRating(begun(), WHOLE, 100n, at);
        expect([idleFrom, tasks, stepUsed]).to.deep.equal([at, 0n, 0n]);
      });
    });

    describe("penalize", () => {
      for (const [from, penalty, expected] of [
        [50n * POINT, 0n, 50n * POINT],
        [50n * POINT, 2n, 48n * POINT],
        [50n * POINT, 10n, 40n * POINT],
        [50n * POINT, 15n, 35n * POINT],
        [50n * POINT, 25n, 25n * POINT],
        [50n * POINT, 40n, 10n * POINT],
        [50n * POINT + 1n, 50n, 1n],
        [50n * POINT, 50n, 0n],
        [50n * POINT - 1n, 50n, 0n],
        [BEST, 100n, 0n],
        [0n, 1n, 0n],
        [BEST, 2n ** 16n - 1n, 0n],
      ] as const) {
        it(`takes ${penalty} points from averages of ${from} and leaves ${expected}`, async () => {
          const record = plain(await harness.penalize(lastAtNoon(averagesOf(from)), penalty, NOON));
          expect(averagesIn(record)).to.deep.equal(averagesOf(expected));
        });
      }

      it("notes the offence beside the other flags", async () => {
        const flags = FLAG.onDuty | FLAG.delegated;
        expect((await harness.penalize({ ...begun(), flags }, 1n, NOON)).flags).to.equal(flags | FLAG.offended);
      });

      it("never goes below nothing (I-17)", async () => {
        await fc.assert(
          fc.asyncProperty(anyAverages, fc.bigInt(0n, 2n ** 16n - 1n), async (averages, penalty) => {
            const record = plain(await harness.penalize(lastAtNoon(averages), penalty, NOON));
            for (const name of NAMES) {
              const left = averages[name] - penalty * POINT;
              expect(record[name]).to.equal(left > 0n ? left : 0n);
            }
          }),
          { numRuns: RUNS },
        );
      });
    });

    describe("decay", () => {
      for (const [days, above, below] of [
        ["0", BEST, 0n],
        ["6.99", BEST, 0n],
        ["7", BEST, 0n],
        ["8", 9_886_526n, 28_368n],
        ["14", 9_238_699n, 190_325n],
        ["70", 5_252_557n, 1_186_860n],
        ["700", 2_000_401n, 1_999_899n],
      ] as const) {
        const idle = (BigInt(Number(days) * 100) * DAY) / 100n;

        it(`lowers an average of 100 to ${above} and raises one of 0 to ${below} in ${days} days`, async () => {
          const [best, worst] = [lastAtNoon(averagesOf(BEST)), lastAtNoon(averagesOf(0n))];
          expect(averagesIn(await harness.decay(best, NOON + idle))).to.deep.equal(averagesOf(above));
          expect(averagesIn(await harness.decay(worst, NOON + idle))).to.deep.equal(averagesOf(below));
        });
      }

      it("leaves 20 where it is for ever", async () => {
        const record = plain(await harness.decay(begun(), 2n ** 32n - 1n));
        expect(averagesIn(record)).to.deep.equal(averagesOf(START));
      });

      it("moves the beginning of idle time to now, and not back", async () => {
        const late = NOON + 30n * DAY;
        expect((await harness.decay(begun(), late)).idleFrom).to.equal(late);
        expect((await harness.decay(begun(), NOON)).idleFrom).to.equal(NOON + WEEK);
      });

      it("has e^-x to within a unit of its 18th digit", async () => {
        const years = 30n * 365n * DAY;
        const idle = fc.oneof(fc.bigInt(0n, WEEK), fc.bigInt(0n, 8n * 365n * DAY), fc.bigInt(0n, years));
        await fc.assert(
          fc.asyncProperty(idle, async (seconds) => {
            const exponent = (seconds * (OCTO / 10n)) / WEEK;
            const error = (await harness.expWad(-exponent)) - model.keptAfter(seconds);
            expect(error >= -1n && error <= 1n, `off by ${error}`).to.equal(true);
          }),
          { numRuns: 10 * RUNS },
        );
      });

      const gap = fc.oneof(fc.bigInt(0n, 30n * DAY), fc.bigInt(0n, 1_000n * DAY));

      it("is the same at once and in two steps, but for a unit each (I-17)", async () => {
        await fc.assert(
          fc.asyncProperty(anyAverages, gap, gap, async (averages, first, second) => {
            const record = lastAtNoon(averages);
            const halfway = plain(await harness.decay(record, NOON + first));
            const [inTwo, atOnce] = await Promise.all([
              harness.decay(halfway, NOON + first + second),
              harness.decay(record, NOON + first + second),
            ]);
            expect(inTwo.idleFrom).to.equal(atOnce.idleFrom);
            for (const name of NAMES) {
              const lost = atOnce[name] - inTwo[name];
              expect(lost >= -1n && lost <= 1n, `${name}: ${lost} lost`).to.equal(true);
            }
          }),
          { numRuns: RUNS },
        );
      });

      it("applies once to a moment (I-17)", async () => {
        await fc.assert(
          fc.asyncProperty(anyAverages, gap, async (averages, idle) => {
            const once = plain(await harness.decay(lastAtNoon(averages), NOON + idle));
            expect(plain(await harness.decay(once, NOON + idle))).to.deep.equal(once);
          }),
          { numRuns: RUNS / 2 },
        );
      });

      it("stays between the average and 20", async () => {
        await fc.assert(
          fc.asyncProperty(average(), gap, async (from, idle) => {
            const { success } = await harness.decay(lastAtNoon(averagesOf(from)), NOON + idle);
            const [low, high] = from < START ? [from, START] : [START, from];
            expect(low <= success && success <= high).to.equal(true);
          }),
          { numRuns: RUNS / 2 },
        );
      });
    });

    describe("points", () => {
      it("are none for a position that was never active", async () => {
        expect(await harness.points({ ...BLANK, ...averagesOf(BEST) }, NOON)).to.equal(0n);
      });

      for (const [age, expected] of [
        [0n, 19n * POINT],
        [MIDNIGHT - 1n - NOON, 19n * POINT],
        [MIDNIGHT - NOON, 19n * POINT + 684n],
        [365n * DAY, (215n * POINT) / 10n],
        [729n * DAY, 24n * POINT - 685n],
        [730n * DAY, 24n * POINT],
        [731n * DAY, 24n * POINT],
        [7_300n * DAY, 24n * POINT],
      ] as const) {
        it(`of a fresh record are ${expected} after ${age} seconds`, async () => {
          expect(await harness.points(begun(), NOON + age)).to.equal(expected);
        });
      }

      it("weigh 100 % together (A-59)", async () => {
        const alone = NAMES.map((name) => ({ ...lastAtNoon(averagesOf(0n)), [name]: BEST }));
        const weights = await Promise.all(alone.map((record) => harness.points(record, NOON)));
        const old = { ...lastAtNoon(averagesOf(0n)), activatedDay: NOON / DAY - 730n };
        weights.push(await harness.points(old, NOON));
        expect(weights).to.deep.equal([35n, 20n, 15n, 15n, 10n, 5n].map((percent) => percent * POINT));
        expect(weights.reduce((sum, weight) => sum + weight)).to.equal(BEST);
      });

      it("are 100 at the very best", async () => {
        const record = { ...lastAtNoon(averagesOf(BEST)), activatedDay: NOON / DAY - 730n };
        expect(await harness.points(record, NOON)).to.equal(BEST);
      });

      it("see the decay of idle time", async () => {
        const record = lastAtNoon(averagesOf(BEST));
        // 95 % of 92.38699, and 14 of 730 days.
        expect(await harness.points(record, NOON + 14n * DAY)).to.equal(
          (95n * 9_238_699n + 5n * ((BEST * 14n) / 730n)) / 100n,
        );
      });

      it("agree with the model on any averages and any age, from 0 to 100 (I-17)", async () => {
        await fc.assert(
          fc.asyncProperty(anyAverages, fc.bigInt(0n, 1_000n * DAY), async (averages, age) => {
            const record = lastAtNoon(averages);
            const points = await harness.points(record, NOON + age);
            expect(points).to.equal(model.points(record, NOON + age));
            expect(points <= BEST).to.equal(true);
          }),
          { numRuns: RUNS },
        );
      });
    });
  });

  describe("Heartbeat", () => {
    const windowOf = (at: bigint) => model.windowAt(at);

    for (const [at, window] of [
      [model.ORIGIN, 0n],
      [model.ORIGIN + WINDOW - 1n, 0n],
      [model.ORIGIN + WINDOW, 1n],
      [model.ORIGIN + 3n * DAY, 9n],
    ] as const) {
      it(`is window ${window} at ${at}`, async () => {
        expect(await harness.windowAt(at)).to.equal(window);
      });
    }

    it("ends a window where the next begins", async () => {
      const end = await harness.endOf(windowOf(NOON));
      expect(await harness.windowAt(end - 1n)).to.equal(windowOf(NOON));
      expect(await harness.windowAt(end)).to.equal(windowOf(NOON) + 1n);
    });

    describe("when a provider on duty is silent", () => {
      for (let passed = 0n; passed <= 30n; ++passed) {
        // The window in which duty began is not due, and the current one is not over.
        const lost = passed === 0n ? 0n : passed - 1n < REMEMBERED ? passed - 1n : REMEMBERED;
        const uptime = ((REMEMBERED - lost) * 100n) / REMEMBERED;

        it(`has missed ${lost} and an uptime of ${uptime} when ${passed} windows have begun`, async () => {
          const onDuty = plain(await harness.setDuty(begun(), true, NOON));
          const record = plain(await harness.advance(onDuty, NOON + passed * WINDOW));
          expect(await harness.uptime(record)).to.equal(uptime);
          const windows = Array.from({ length: 33 }, (_, age) => record.beatWindow + 1n - BigInt(age));
          const missed = await Promise.all(windows.map((window) => harness.missed(record, window)));
          expect(missed.filter((was) => was).length).to.equal(Number(lost));
          expect(missed.slice(0, 2), "the next and the current window").to.deep.equal([false, false]);
        });
      }
    });

    describe("when a provider off duty is silent", () => {
      for (let passed = 0n; passed <= 30n; ++passed) {
        it(`has missed nothing when ${passed} windows have begun`, async () => {
          const record = plain(await harness.advance(begun(), NOON + passed * WINDOW));
          expect(await harness.uptime(record)).to.equal(100n);
          expect(await harness.missed(record, record.beatWindow - 1n)).to.equal(false);
        });
      }
    });

    describe("when a provider on duty is heard", () => {
      it("has an uptime of 100 with one heartbeat a window, first second or last", async () => {
        let record = plain(await harness.setDuty(begun(), true, NOON));
        for (let window = windowOf(NOON) + 1n; window < windowOf(NOON) + 25n; ++window) {
          const at = window % 2n === 0n ? model.endOf(window) - 1n : model.endOf(window - 1n);
          record = plain(await harness.beat(record, at));
        }
        expect(await harness.uptime(plain(await harness.advance(record, model.endOf(record.beatWindow))))).to.equal(
          100n,
        );
      });

      it("does not make up for an earlier window", async () => {
        const onDuty = model.setDuty(begun(), true, NOON);
        const record = plain(await harness.beat(onDuty, NOON + 2n * WINDOW));
        const first = windowOf(NOON);
        expect(await harness.missed(record, first)).to.equal(false);
        expect(await harness.missed(record, first + 1n)).to.equal(true);
        expect(await harness.missed(record, first + 2n)).to.equal(false);
      });

      it("changes nothing the second time", async () => {
        const once = plain(await harness.beat(model.setDuty(begun(), true, NOON), NOON + WINDOW));
        expect(plain(await harness.beat(once, NOON + WINDOW + 1n))).to.deep.equal(once);
      });
    });

    describe("when duty is laid down", () => {
      it("keeps what was missed for seven days, and nothing comes after it", async () => {
        const onDuty = model.setDuty(begun(), true, NOON);
        const off = plain(await harness.setDuty(onDuty, false, NOON + 2n * WINDOW));
        const missed = windowOf(NOON) + 1n;
        const last = plain(await harness.advance(off, NOON + 22n * WINDOW));
        const forgotten = plain(await harness.advance(off, NOON + 23n * WINDOW));
        expect(await harness.missed(last, missed)).to.equal(true);
        expect(await harness.missed(forgotten, missed)).to.equal(false);
        expect(await harness.uptime(forgotten)).to.equal(100n);
        expect([off.flags, onDuty.flags]).to.deep.equal([0n, FLAG.onDuty]);
      });
    });
  });

  describe("Standing", () => {
    describe("tierOf", () => {
      for (const [letter, minimum] of MINIMUMS) {
        const octo = minimum * OCTO;
        for (const [multiple, below, reached] of [
          [1n, "None", "Basic"],
          [10n, "Basic", "Standard"],
          [100n, "Standard", "Professional"],
          [1_000n, "Professional", "Enterprise"],
        ] as const) {
          it(`is ${reached} in ${letter} from ${multiple} minimums on, to the wei`, async () => {
            const edge = multiple * octo;
            const tiers = await Promise.all([-1n, 0n, 1n].map((offset) => harness.tierOf(edge + offset, octo)));
            expect(tiers).to.deep.equal([model.TIER[below], model.TIER[reached], model.TIER[reached]]);
          });
        }
      }

      it("is none without a bond, and in a role that does not exist", async () => {
        expect(await harness.tierOf(0n, OCTO)).to.equal(model.TIER.None);
        expect(await harness.tierOf(OCTO, 0n)).to.equal(model.TIER.None);
      });
    });

    describe("gradeOf", () => {
      for (const [score, grade] of [
        [0n, "New"],
        [20n * POINT, "New"],
        [20n * POINT + 1n, "Bronze"],
        [21n * POINT, "Bronze"],
        [40n * POINT, "Bronze"],
        [40n * POINT + 1n, "Silver"],
        [41n * POINT, "Silver"],
        [60n * POINT, "Silver"],
        [60n * POINT + 1n, "Gold"],
        [61n * POINT, "Gold"],
        [80n * POINT, "Gold"],
        [80n * POINT + 1n, "Platinum"],
        [81n * POINT, "Platinum"],
        [BEST, "Platinum"],
      ] as const) {
        it(`is ${grade} at ${score}`, async () => {
          expect(await harness.gradeOf(score)).to.equal(model.GRADE[grade]);
        });
      }
    });

    describe("cohortOf", () => {
      for (const [ordinal, cohort] of [
        [0n, 0n],
        [1n, 1n],
        [100n, 1n],
        [101n, 2n],
        [500n, 2n],
        [501n, 3n],
        [1_500n, 3n],
        [1_501n, 0n],
        [65_535n, 0n],
      ] as const) {
        it(`is ${cohort} for activation ${ordinal}`, async () => {
          expect(await harness.cohortOf(ordinal)).to.equal(cohort);
        });
      }
    });

    describe("discounted", () => {
      for (const [letter, octoMinimum, roleMinimum] of MINIMUMS) {
        it(`takes 0, 0, 6, 15 and 30 % off ${letter}'s minimums at 0, 75, 80, 87.5 and 100`, async () => {
          for (const minimum of [octoMinimum * OCTO, roleMinimum * OCTO]) {
            const scores = [0n, 75n * POINT, 80n * POINT, (875n * POINT) / 10n, BEST];
            const left = await Promise.all(scores.map((score) => harness.discounted(minimum, score)));
            expect(left).to.deep.equal([100n, 100n, 94n, 85n, 70n].map((percent) => (minimum * percent) / 100n));
          }
        });
      }

      for (const [minimum, score, expected] of [
        [1n, BEST, 1n],
        [3n, BEST, 3n],
        [4n, BEST, 3n],
        [10n, BEST, 7n],
        [200n * OCTO, 75n * POINT - 1n, 200n * OCTO],
        [200n * OCTO, 75n * POINT + 1n, 200n * OCTO - 24n * 10n ** 12n],
        [0n, BEST, 0n],
      ] as const) {
        it(`leaves ${expected} of ${minimum} wei at ${score}, rounded up`, async () => {
          expect(await harness.discounted(minimum, score)).to.equal(expected);
        });
      }
    });

    describe("lockedBy", () => {
      for (const [valueInFlight, locked] of [
        [0n, 0n],
        [1n, 1n],
        [5n, 1n],
        [6n, 2n],
        [1_000n * OCTO, 200n * OCTO],
      ] as const) {
        it(`is ${locked} of ${valueInFlight}`, async () => {
          expect(await harness.lockedBy(valueInFlight)).to.equal(locked);
        });
      }
    });

    describe("routingWeight", () => {
      for (const [score, octoBond, ageDays, tasks, expected] of [
        [0n, 0n, 0n, 0n, 0n],
        [1_900_000n, 1_000n * OCTO, 0n, 0n, 1_060_000n],
        [2_000_000n, 200n * OCTO, 0n, 0n, 860_000n],
        [6_000_000n, 5_000n * OCTO, 182n, 500n, 5_397_260n],
        [8_042_000n, 25_000n * OCTO, 1_000n, 12_345n, 9_216_800n],
        [BEST, 0n, 0n, 0n, 40n * POINT],
        [0n, 10_000n * OCTO, 0n, 0n, 30n * POINT],
        [0n, 10_000n * OCTO + 1n, 0n, 0n, 30n * POINT],
        [0n, 10_000n * OCTO - 1n, 0n, 0n, 30n * POINT - 1n],
        [0n, 0n, 365n, 0n, 20n * POINT],
        [0n, 0n, 366n, 0n, 20n * POINT],
        [0n, 0n, 364n, 0n, 1_994_520n],
        [0n, 0n, 0n, 1_000n, 10n * POINT],
        [0n, 0n, 0n, 1_001n, 10n * POINT],
        [0n, 0n, 0n, 999n, 10n * POINT - 1_000n],
        [BEST, 10_000n * OCTO, 365n, 1_000n, BEST],
      ] as const) {
        it(`is ${expected} with ${score}, ${octoBond} wei, ${ageDays} days and ${tasks} tasks`, async () => {
          expect(await harness.routingWeight(score, octoBond, ageDays, tasks)).to.equal(expected);
        });
      }

      it("has parts of 100 % together (A-59)", async () => {
        const parts = await Promise.all([
          harness.routingWeight(BEST, 0n, 0n, 0n),
          harness.routingWeight(0n, 10_000n * OCTO, 0n, 0n),
          harness.routingWeight(0n, 0n, 365n, 0n),
          harness.routingWeight(0n, 0n, 0n, 1_000n),
        ]);
        expect(parts.reduce((sum, part) => sum + part)).to.equal(BEST);
      });
    });

    it("agrees with the model on any figures", async () => {
      const octo = fc.oneof(fc.bigInt(0n, 2n ** 88n - 1n), fc.bigInt(0n, 20_000n * OCTO), fc.bigInt(0n, 10_000n));
      const minimum = fc.oneof(fc.bigInt(0n, 2n ** 88n - 1n), fc.bigInt(0n, 5_000n * OCTO), fc.bigInt(0n, 10_000n));
      const figures = [octo, minimum, average(), fc.bigInt(0n, 800n), fc.bigInt(0n, 2_000n)] as const;
      await fc.assert(
        fc.asyncProperty(...figures, async (bond, least, score, ageDays, tasks) => {
          expect(await harness.tierOf(bond, least)).to.equal(model.tierOf(bond, least));
          expect(await harness.gradeOf(score)).to.equal(model.gradeOf(score));
          expect(await harness.cohortOf(tasks)).to.equal(model.cohortOf(tasks));
          expect(await harness.discounted(least, score)).to.equal(model.discounted(least, score));
          expect(await harness.lockedBy(bond)).to.equal(model.lockedBy(bond));
          const weight = await harness.routingWeight(score, bond, ageDays, tasks);
          expect(weight).to.equal(model.routingWeight(score, bond, ageDays, tasks));
          expect(weight <= BEST, "at most 100").to.equal(true);
        }),
        { numRuns: RUNS },
      );
    });
  });

  describe("a record through any history", () => {
    type Step = { gap: bigint } & (
      | { act: "add"; weight: bigint; success: bigint; speed: bigint }
      | { act: "addRating"; weight: bigint; rating: bigint }
      | { act: "penalize"; penalty: bigint }
      | { act: "setDuty"; on: boolean }
      | { act: "begin" | "decay" | "advance" | "beat" }
    );

    const percent = () => fc.bigInt(0n, 100n);
    const weight = () => fc.bigInt(0n, WHOLE);
    const gap = fc.oneof(fc.bigInt(0n, 3_600n), fc.bigInt(0n, DAY), fc.bigInt(0n, 9n * DAY), fc.bigInt(0n, 100n * DAY));
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ act: fc.constant("add"), gap, weight: weight(), success: percent(), speed: percent() }),
      fc.record({ act: fc.constant("addRating"), gap, weight: weight(), rating: percent() }),
      fc.record({ act: fc.constant("penalize"), gap, penalty: fc.bigInt(0n, 120n) }),
      fc.record({ act: fc.constant("setDuty"), gap, on: fc.boolean() }),
      fc.record({ act: fc.constantFrom("decay", "advance", "beat"), gap }),
    );

    /** What the step makes of a record at a moment, in the contract's library and in the model. */
    function taken(step: Step, record: TrackRecord, at: bigint): [Promise<TrackRecord>, TrackRecord] {
      switch (step.act) {
        case "add": {
          const { weight, success, speed } = step;
          return [harness.add(record, weight, success, speed, at), model.add(record, weight, success, speed, at)];
        }
        case "addRating":
          return [
            harness.addRating(record, step.weight, step.rating, at),
            model.addRating(record, step.weight, step.rating, at),
          ];
        case "penalize":
          return [harness.penalize(record, step.penalty, at), model.penalize(record, step.penalty, at)];
        case "setDuty":
          return [harness.setDuty(record, step.on, at), model.setDuty(record, step.on, at)];
        default:
          return [harness[step.act](record, at), model[step.act](record, at)];
      }
    }

    it("is what the model says after each step, and its score is from 0 to 100 (I-17)", async () => {
      const history = fc.tuple(fc.array(step, { maxLength: 3 }), fc.array(step, { minLength: 10, maxLength: 40 }));
      await fc.assert(
        fc.asyncProperty(history, async ([before, after]) => {
          let [record, at]: [TrackRecord, bigint] = [BLANK, NOON];
          for (const next of [...before, { act: "begin", gap: 0n } as const, ...after]) {
            at += next.gap;
            const [inContract, inModel] = taken(next, record, at);
            record = plain(await inContract);
            expect(record, next.act).to.deep.equal(inModel);
            const score = await harness.points(record, at);
            expect(score).to.equal(model.points(record, at));
            expect(score <= BEST && NAMES.every((name) => record[name] <= BEST), "at most 100").to.equal(true);
            expect(await harness.uptime(record)).to.equal(model.uptime(record));
          }
          const windows = Array.from({ length: 24 }, (_, age) => record.beatWindow + 1n - BigInt(age));
          const missed = await Promise.all(windows.map((window) => harness.missed(record, window)));
          expect(missed).to.deep.equal(windows.map((window) => model.missed(record, window)));
        }),
        { numRuns: RUNS / 2 },
      );
    });
  });
});
