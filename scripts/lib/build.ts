import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

const TICK = 5_000;

/** Compiles what has changed. The first time takes about a minute, so it says how long it has been at it. */
export async function build(hre: HardhatRuntimeEnvironment): Promise<void> {
  const started = Date.now();
  const ticker = setInterval(() => {
    console.log(`Compiling the contracts ... ${Math.round((Date.now() - started) / 1000)} s`);
  }, TICK);
  try {
    await hre.tasks.getTask("build").run({ quiet: true });
  } finally {
    clearInterval(ticker);
  }
}
