import { Failure } from "./failure.ts";

/** Runs a command; what the user can mend is shown as one sentence and the next step, and the exit code tells. */
export async function guarded(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`\n✗ ${error.message}\n  ${error.nextStep}`);
    process.exitCode = 1;
  }
}
