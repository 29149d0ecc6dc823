import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

import { Failure } from "./failure.ts";

/** Connects to the network of --network and finds its first account, or says what is missing. */
export async function connect(hre: HardhatRuntimeEnvironment): Promise<NetworkConnection> {
  const name = hre.globalOptions.network ?? "default";
  const config = hre.config.networks[name];
  if (config === undefined) {
    const known = Object.keys(hre.config.networks).join(", ");
    throw new Failure(
      `There is no network "${name}"; there are ${known}.`,
      "Name one of them or add it to the config.",
    );
  }
  await requireVariables(name, config);
  return hre.network.create(name);
}

/** A key or URL that is not in the keystore or the environment is named before anything is tried. */
async function requireVariables(
  network: string,
  config: HardhatRuntimeEnvironment["config"]["networks"][string],
): Promise<void> {
  if (config.type !== "http") return;

  const accounts = Array.isArray(config.accounts) ? config.accounts : [];
  for (const variable of [config.url, ...accounts]) {
    await variable.get().catch(() => {
      const name = "name" in variable ? String(variable.name) : "a configuration variable";
      throw new Failure(
        `The network "${network}" needs ${name}, which is neither in the keystore nor in the environment.`,
        `Run \`npx hardhat keystore set ${name}\`.`,
      );
    });
  }
}

/** The first account of the connection, who signs. */
export async function firstSigner(connection: NetworkConnection) {
  const [signer] = await connection.ethers.getSigners();
  if (signer === undefined) {
    throw new Failure(
      `The network "${connection.networkName}" has no account to sign with.`,
      "Set its private key in the keystore.",
    );
  }
  return signer;
}
