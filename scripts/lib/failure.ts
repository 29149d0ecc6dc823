/** Something the user can mend: what is wrong in one sentence, and the next step. */
export class Failure extends Error {
  readonly nextStep: string;

  constructor(problem: string, nextStep: string) {
    super(problem);
    this.name = "Failure";
    this.nextStep = nextStep;
  }
}
