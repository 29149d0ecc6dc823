import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

import { expect } from "chai";
import { JsonRpcProvider, type JsonRpcSigner, parseEther, Signature, TypedDataEncoder } from "ethers";

import { dealOf, domainOf, NO_CONSENT, PERMIT_TYPES, RECEIVE_TYPES } from "../../scripts/lib/deal.ts";
import { addressFile, readAddresses } from "../../scripts/lib/addresses.ts";
import { bindSystem, type CipherOcto } from "../../scripts/lib/system.ts";
import { roleId } from "../../deploy/roles.ts";
import { printed, start } from "../support/cli.ts";
import { commandsOnTheNode } from "./commands.ts";

const LATER = 10n ** 12n;
const BUDGET = parseEther("100");

// What a wallet does: it knows an RPC and the addresses, and signs with eth_signTypedData_v4. And what the command line does
// with the same node.
describe("npm run node", () => {
  let node: ChildProcess;
  let provider: JsonRpcProvider;
  let system: CipherOcto;
  let [client, worker, relayer]: JsonRpcSigner[] = [];

  before(async () => {
    node = start(["node", "--port", "0"]);
    await printed(node, "Stop with Ctrl+C");
    const { url } = JSON.parse(readFileSync(addressFile("node"), "utf8")) as { url: string };
    provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1 });
    [client, worker, relayer] = await Promise.all([7, 8, 9].map((account) => provider.getSigner(account)));
    system = bindSystem(readAddresses("node"), relayer!);
    await becomeActive(worker!);
  });

  after(async () => {
    provider.destroy();
    node.kill("SIGTERM");
    await once(node, "close");
  });

  it("finds OCTO and every role token in the accounts to play with", async () => {
    expect(await system.octo.balanceOf(client!.address)).to.be.greaterThan(parseEther("80000"));
    for (const token of Object.values(system.roleTokens)) {
      expect(await token.balanceOf(client!.address)).to.equal(parseEther("2000"));
    }
  });

  it("hires by one ReceiveWithAuthorization whose nonce is the deal, submitted by somebody else", async () => {
    const { octo, jobMarket, settlement } = system;
    const deal = dealOf({ client: client!.address, provider: worker!.address });
    const signature = await signTypedData(client!, RECEIVE_TYPES, {
      from: client!.address,
      to: await settlement.getAddress(),
      value: BUDGET,
      validAfter: 0n,
      validBefore: LATER,
      nonce: await jobMarket.authorizationNonceOf(deal),
    });
    const before = await octo.balanceOf(client!.address);

    await (await jobMarket.hireWithAuthorization(deal, BUDGET, 0n, LATER, signature, NO_CONSENT)).wait();

    const job = await jobMarket.getJob(await jobMarket.jobCount());
    expect(job.client).to.equal(client!.address);
    expect(job.budget).to.equal(BUDGET);
    expect(before - (await octo.balanceOf(client!.address))).to.equal(BUDGET);
  });

  it("signs a permit to the market and hires himself", async () => {
    const { octo, jobMarket } = system;
    const deal = dealOf({ client: client!.address, provider: worker!.address });
    const { v, r, s } = Signature.from(
      await signTypedData(client!, PERMIT_TYPES, {
        owner: client!.address,
        spender: await jobMarket.getAddress(),
        value: BUDGET,
        nonce: await octo.nonces(client!.address),
        deadline: LATER,
      }),
    );
    const permit = { value: BUDGET, deadline: LATER, v, r, s };
    const before = await octo.balanceOf(client!.address);

    await (await jobMarket.connect(client!).hireWithPermit(deal, BUDGET, permit, NO_CONSENT)).wait();

    const job = await jobMarket.getJob(await jobMarket.jobCount());
    expect(job.provider).to.equal(worker!.address);
    expect(before - (await octo.balanceOf(client!.address))).to.equal(BUDGET);
  });

  /** The payload of EIP-712 as a dapp hands it to a wallet. */
  async function signTypedData(
    signer: JsonRpcSigner,
    types: typeof RECEIVE_TYPES | typeof PERMIT_TYPES,
    message: Record<string, unknown>,
  ): Promise<string> {
    const { chainId } = await provider.getNetwork();
    const domain = domainOf("CipherOcto", chainId, await system.octo.getAddress());
    const payload = TypedDataEncoder.getPayload(domain, types, message) as unknown;
    return (await provider.send("eth_signTypedData_v4", [signer.address, payload])) as string;
  }

  async function becomeActive(signer: JsonRpcSigner): Promise<void> {
    const { octo, registry, roleTokens } = system;
    const minimum = await registry.minimumOf(roleId("D"));
    await (await octo.connect(signer).approve(registry, minimum.octo)).wait();
    await (await roleTokens.D.connect(signer).approve(registry, minimum.roleTokens)).wait();
    await (await registry.connect(signer).bond(roleId("D"), minimum.octo, minimum.roleTokens)).wait();
    await (await registry.connect(signer).setStandingTerms(roleId("D"), BUDGET, 3600n)).wait();
  }

  commandsOnTheNode();
});
