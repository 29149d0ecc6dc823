// The reliability of a position, from begin to score, exact to the last unit. A record goes into every rule and a new one
// comes out; averages and scores are in points of 1e5, weights in basis points, times in Unix seconds.
//
//   task       average + (sample - average) x weight / 20, all tasks of a day together at most one whole weight
//   idleness   20 + (average - 20) x e^(-0.1 x weeks), counted from the seventh day after the last task
//   penalty    points off every average, floor 0
//   score      success 35 %, speed 20 %, uptime 15 %, security 15 %, peer 10 %, longevity 5 %
//
// Every rounding is against the provider.

export const POINT = 100_000n;
export const DAY = 86_400n;
export const WEEK = 7n * DAY;
export const WHOLE_STEP = 10_000n;

/** A window of heartbeats, the moment from which they are counted, and how many finished ones are remembered. */
export const WINDOW = 8n * 3_600n;
export const ORIGIN = BigInt(Date.UTC(2026, 0, 1)) / 1_000n;
export const REMEMBERED = 21n;

export const FLAG = { onDuty: 1n, offended: 2n, delegated: 4n } as const;

const BEST = 100n * POINT;
const START = 20n * POINT;
const FULL_AGE_DAYS = 730n;
const MOST_TASKS = 2n ** 24n - 1n;
const ALL_BEATEN = 2n ** (REMEMBERED + 1n) - 1n;

const AVERAGES = ["success", "speed", "uptime", "security", "peer"] as const;
const WEIGHTS = { success: 35n, speed: 20n, uptime: 15n, security: 15n, peer: 10n } as const;
const LONGEVITY_WEIGHT = 5n;

export type Averages = Record<(typeof AVERAGES)[number], bigint>;

/** The members of the contract's `TrackRecord`. */
export type TrackRecord = Averages & {
  activatedDay: bigint;
  idleFrom: bigint;
  tasks: bigint;
  stepUsed: bigint;
  beatWindow: bigint;
  beats: bigint;
  flags: bigint;
};

/** The record of a position of which nothing was ever heard. */
export const BLANK: Readonly<TrackRecord> = {
  ...averagesOf(0n),
  activatedDay: 0n,
  idleFrom: 0n,
  tasks: 0n,
  stepUsed: 0n,
  beatWindow: 0n,
  beats: 0n,
  flags: 0n,
};

/** Five averages that are all the same. */
export function averagesOf(average: bigint): Averages {
  return { success: average, speed: average, uptime: average, security: average, peer: average };
}

/** The position became active for the first time; its tasks and flags stay. */
export function begin(record: TrackRecord, at: bigint): TrackRecord {
  return {
    ...record,
    ...averagesOf(START),
    activatedDay: at / DAY,
    idleFrom: at + WEEK,
    beatWindow: windowAt(at),
    beats: ALL_BEATEN,
  };
}

/** A task was recorded; success and speed are 0 to 100. */
export function add(record: TrackRecord, weight: bigint, success: bigint, speed: bigint, at: bigint): TrackRecord {
  const counted = { ...record, tasks: least(record.tasks + 1n, MOST_TASKS) };
  if (record.activatedDay === 0n) return counted;

  const decayed = decay(counted, at);
  const used = (decayed.idleFrom - WEEK) / DAY === at / DAY ? decayed.stepUsed : 0n;
  const step = least(weight, WHOLE_STEP - used);
  const heard = isSet(decayed, "onDuty") ? advance(decayed, at) : decayed;
  return {
    ...heard,
    success: moved(heard.success, success, step),
    speed: moved(heard.speed, speed, step),
    uptime: isSet(heard, "onDuty") ? moved(heard.uptime, uptime(heard), step) : heard.uptime,
    security: moved(heard.security, isSet(heard, "offended") ? 0n : 100n, step),
    idleFrom: at + WEEK,
    stepUsed: used + step,
    flags: step === 0n ? heard.flags : heard.flags & ~FLAG.offended,
  };
}

/** A counterparty rated, 0 to 100. */
export function addRating(record: TrackRecord, weight: bigint, rating: bigint, at: bigint): TrackRecord {
  const decayed = decay(record, at);
  return { ...decayed, peer: moved(decayed.peer, rating, weight) };
}

/** An offence took whole points. */
export function penalize(record: TrackRecord, points: bigint, at: bigint): TrackRecord {
  const decayed = decay(record, at);
  const lowered = eachAverage(decayed, (average) => most(average - points * POINT, 0n));
  return { ...decayed, ...lowered, flags: decayed.flags | FLAG.offended };
}

/** The averages as idleness has left them. */
export function decay(record: TrackRecord, at: bigint): TrackRecord {
  if (at <= record.idleFrom) return record;

  const kept = keptAfter(at - record.idleFrom);
  const decayed = eachAverage(record, (average) => START + flooredDiv((average - START) * kept, ONE));
  return { ...record, ...decayed, idleFrom: at };
}

/** The score at a moment; none for a position that was never active. */
export function points(record: TrackRecord, at: bigint): bigint {
  if (record.activatedDay === 0n) return 0n;
  return scoreAt(decay(record, at), at / DAY - record.activatedDay);
}

/** The score of averages that idleness has lowered already, `ageDays` days after the first activation. */
export function scoreAt(averages: Averages, ageDays: bigint): bigint {
  const weighted = AVERAGES.reduce((sum, name) => sum + WEIGHTS[name] * averages[name], 0n);
  const longevity = (BEST * least(ageDays, FULL_AGE_DAYS)) / FULL_AGE_DAYS;
  return (weighted + LONGEVITY_WEIGHT * longevity) / 100n;
}

// Heartbeats

export function windowAt(at: bigint): bigint {
  return (at - ORIGIN) / WINDOW;
}

export function endOf(window: bigint): bigint {
  return ORIGIN + (window + 1n) * WINDOW;
}

/** Lets one window after the other begin: missed so far if on duty, else not due. */
export function advance(record: TrackRecord, at: bigint): TrackRecord {
  const window = windowAt(at);
  const begun = isSet(record, "onDuty") ? 0n : 1n;
  let beats = record.beats;
  // After that many every older window is forgotten, so that further ones change nothing.
  for (let left = least(window - record.beatWindow, REMEMBERED + 1n); left > 0n; --left) {
    beats = ((beats << 1n) | begun) & ALL_BEATEN;
  }
  return { ...record, beats, beatWindow: window };
}

export function beat(record: TrackRecord, at: bigint): TrackRecord {
  const advanced = advance(record, at);
  return { ...advanced, beats: advanced.beats | 1n };
}

export function setDuty(record: TrackRecord, on: boolean, at: bigint): TrackRecord {
  const heard = beat(record, at);
  return { ...heard, flags: on ? heard.flags | FLAG.onDuty : heard.flags & ~FLAG.onDuty };
}

/** Remembered windows that were not missed, 0 to 100. */
export function uptime({ beats }: TrackRecord): bigint {
  let kept = 0n;
  for (let age = 1n; age <= REMEMBERED; ++age) kept += (beats >> age) & 1n;
  return (100n * kept) / REMEMBERED;
}

export function missed({ beats, beatWindow }: TrackRecord, window: bigint): boolean {
  const age = beatWindow - window;
  return age >= 1n && age <= REMEMBERED && ((beats >> age) & 1n) === 0n;
}

// What follows from the figures

export const TIER = { None: 0n, Basic: 1n, Standard: 2n, Professional: 3n, Enterprise: 4n } as const;
export const GRADE = { New: 0n, Bronze: 1n, Silver: 2n, Gold: 3n, Platinum: 4n } as const;

/** How many of 1, 10, 100 and 1,000 minimums the bond holds. */
export function tierOf(octoBond: bigint, minimum: bigint): bigint {
  if (minimum === 0n) return TIER.None;
  return count([1n, 10n, 100n, 1_000n], (multiple) => octoBond >= multiple * minimum);
}

/** How many of the last scores of a grade are exceeded. */
export function gradeOf(score: bigint): bigint {
  return count([20n, 40n, 60n, 80n], (last) => score > last * POINT);
}

/** The first 100 activations, the next 400, the next 1,000; later ones, and none, are in none. */
export function cohortOf(ordinal: bigint): bigint {
  if (ordinal === 0n || ordinal > 1_500n) return 0n;
  return 1n + count([100n, 500n], (last) => ordinal > last);
}

/** A minimum less the discount, rounded up: 30 % x (score - 75) / 25. */
export function discounted(minimum: bigint, score: bigint): bigint {
  const above = most(score - 75n * POINT, 0n);
  return ceiledDiv(minimum * (100n * 25n * POINT - 30n * above), 100n * 25n * POINT);
}

/** The bond that work in flight locks. */
export function lockedBy(valueInFlight: bigint): bigint {
  return ceiledDiv(valueInFlight, 5n);
}

/** 0.4 x score + 0.3 x bond up to 10,000 OCTO + 0.2 x age up to a year + 0.1 x tasks up to 1,000. */
export function routingWeight(score: bigint, octoBond: bigint, ageDays: bigint, tasks: bigint): bigint {
  const part = (value: bigint, whole: bigint) => (BEST * least(value, whole)) / whole;
  const bond = part(octoBond, 10_000n * ONE);
  return (4n * score + 3n * bond + 2n * part(ageDays, 365n) + part(tasks, 1_000n)) / 10n;
}

// Arithmetic

const ONE = 10n ** 18n;
const PRECISE = 10n ** 36n;

/** e^(-0.1 x weeks) to 18 digits, rounded down; the exponent, too, has 18 of them. */
export function keptAfter(idle: bigint): bigint {
  const exponent = (idle * (ONE / 10n)) / WEEK;
  return (PRECISE * PRECISE) / exp(exponent * ONE) / ONE;
}

/** e^x by its series, all of whose terms are positive; to 36 digits, as x. */
function exp(x: bigint): bigint {
  let sum = 0n;
  for (let [term, n] = [PRECISE, 1n]; term > 0n; ++n) {
    sum += term;
    term = (term * x) / (n * PRECISE);
  }
  return sum;
}

/** A task's step towards its sample of 0 to 100. */
function moved(average: bigint, sample: bigint, weight: bigint): bigint {
  return average + flooredDiv((sample * POINT - average) * weight, 20n * WHOLE_STEP);
}

function eachAverage(record: TrackRecord, rule: (average: bigint) => bigint): Averages {
  const entries = AVERAGES.map((name) => [name, rule(record[name])]);
  return Object.fromEntries(entries) as Averages;
}

function isSet({ flags }: TrackRecord, flag: keyof typeof FLAG): boolean {
  return (flags & FLAG[flag]) !== 0n;
}

function count(thresholds: bigint[], reached: (threshold: bigint) => boolean): bigint {
  return BigInt(thresholds.filter(reached).length);
}

/** Towards minus infinity, where BigInt's own division goes towards zero. */
function flooredDiv(dividend: bigint, divisor: bigint): bigint {
  return dividend >= 0n ? dividend / divisor : -ceiledDiv(-dividend, divisor);
}

function ceiledDiv(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

function most(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
