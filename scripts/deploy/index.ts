import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

import { addressFile, firstBlockOf, requireContracts, writeAddresses } from "../lib/addresses.ts";
import { connect, firstSigner } from "../lib/connect.ts";
import { Failure } from "../lib/failure.ts";
import { checkGround, checkParameters } from "../lib/preflight.ts";
import { deploySystem } from "../lib/deploySystem.ts";

/** Deploys the suite to the network of --network. Everything that can be wrong is looked at before the first transaction. */
export async function deployTo(hre: HardhatRuntimeEnvironment): Promise<void> {
  if (hre.globalOptions.network === undefined) {
    throw new Failure("No network is named.", "Say where to: `npx hardhat octo deploy --network sepolia`.");
  }
  const connection = await connect(hre);
  try {
    const { networkName } = connection;
    const chainId = await preflight(connection);
    const fromBlock = firstBlockOf(networkName) ?? (await connection.ethers.provider.getBlockNumber());
    const system = await deploySystem(connection, {
      parameters: networkName,
      deploymentId: `chain-${chainId}`,
      displayUi: true,
    });
    const file = addressFile(networkName);
    writeAddresses(file, networkName, chainId, system.addresses, { fromBlock });
    console.log(`The addresses are in ${file}.`);
  } finally {
    await connection.close();
  }
}

async function preflight(connection: NetworkConnection): Promise<bigint> {
  const { ethers, networkName, networkConfig } = connection;
  const { chainId } = await ethers.provider.getNetwork().catch((cause: Error) => {
    throw new Failure(`The RPC of "${networkName}" does not answer: ${cause.message}.`, "Check its URL and try again.");
  });
  const deployer = await firstSigner(connection);
  checkParameters(networkName, deployer.address);
  const { gasPrice } = await ethers.provider.getFeeData();
  checkGround(networkName, {
    chainId,
    ...(networkConfig.chainId === undefined ? {} : { expectedChainId: networkConfig.chainId }),
    deployer: deployer.address,
    balance: await ethers.provider.getBalance(deployer.address),
    gasPrice: gasPrice ?? 0n,
  });
  await requireContracts(networkName, (address) => ethers.provider.getCode(address));
  return chainId;
}
