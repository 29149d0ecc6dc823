// What a round of votes decides, written from the specification and not from the contract.

export const SHARES = [0n, 25n, 50n, 75n, 100n] as const;

/** The offences that arbiters may name, the mildest first. */
export const SEVERITIES = ["PoorResult", "SlaViolation", "DataMishandling", "Fraud"] as const;
export type Severity = (typeof SEVERITIES)[number];

export type Ballot = { share: bigint; offence?: Severity | undefined };

export type Verdict = { share: bigint; offence: Severity | undefined; majority: number };

/** The verdict of a panel; nothing if it was tied or too silent. */
export function panelVerdict(ballots: readonly Ballot[]): Verdict | undefined {
  return ballots.length < 4 ? undefined : verdict(ballots);
}

/** The verdict of an appeal in which so many may vote; nothing if the panel's stands. */
export function appealVerdict(ballots: readonly Ballot[], voters: number): Verdict | undefined {
  return ballots.length < voters / 5 ? undefined : verdict(ballots);
}

function verdict(ballots: readonly Ballot[]): Verdict | undefined {
  const isMajority = (count: number) => count > ballots.length / 2;
  const votersFor = (share: bigint) => ballots.filter((ballot) => ballot.share === share).length;
  const share = SHARES.find((candidate) => isMajority(votersFor(candidate)));
  if (share === undefined) return undefined;

  const severityOf = ({ offence }: Ballot) => (offence === undefined ? -1 : SEVERITIES.indexOf(offence));
  const offence = SEVERITIES.findLast((_, severity) =>
    isMajority(ballots.filter((ballot) => severityOf(ballot) >= severity).length),
  );
  return { share, offence, majority: votersFor(share) };
}
