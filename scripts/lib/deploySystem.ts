import type { NetworkConnection } from "hardhat/types/network";

import System from "../../deploy/modules/System.ts";
import { readParameters } from "./parameters.ts";
import { type Addresses, bindSystem, type CipherOcto } from "./system.ts";

type DeployOptions = {
  /** The name of a file in deploy/parameters. */
  parameters: string;
  /** Keeps a journal under deploy/deployments, so that an interrupted deployment resumes. */
  deploymentId?: string;
  /** Shows Ignition's own progress. */
  displayUi?: boolean;
};

/** Deploys the System module, or finds what of it is deployed already, and binds it. */
export async function deploySystem(
  connection: NetworkConnection,
  { parameters, deploymentId, displayUi = false }: DeployOptions,
): Promise<CipherOcto> {
  const deployed = await connection.ignition.deploy(System, {
    parameters: readParameters(parameters),
    ...(deploymentId === undefined ? {} : { deploymentId }),
    displayUi,
  });
  const located = await Promise.all(
    Object.entries(deployed).map(async ([name, contract]) => [name, await contract.getAddress()]),
  );
  const [deployer] = await connection.ethers.getSigners();

  return bindSystem(Object.fromEntries(located) as Addresses, deployer!);
}
