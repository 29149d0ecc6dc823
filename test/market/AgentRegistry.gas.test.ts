import { expect } from "chai";

import { accountOf, BOUND, gasOf, LISTING, nameWallet, URI, withoutAgents, working } from "../support/agents.ts";
import { ethers, loadFixture, time } from "../support/fixture.ts";

/** What registering may cost an owner who has an agent already, with a URI of 66 bytes, behind the proxy. */
const LIMIT = 140_000n;

const within = (actual: bigint, expected: bigint, permille: bigint) =>
  expect(actual).to.be.within(expected - (expected * permille) / 1_000n, expected + (expected * permille) / 1_000n);

describe("AgentRegistry", () => {
  describe("gas", () => {
    it(`registers a second agent for no more than ${LIMIT}`, async () => {
      const { registry } = await loadFixture(withoutAgents);
      await registry["register(string)"](URI);
      expect(URI).to.have.lengthOf(66);
      expect(await gasOf(registry["register(string)"](URI))).to.be.lessThanOrEqual(LIMIT);
    });

    describe("when there are a thousand agents (M-17)", () => {
      it("costs the same in every door as with ten, within 1 permille", async function () {
        this.timeout(300_000);
        const world = await loadFixture(working);
        const { registry, owner, provider } = world;

        /** The cost of every door that an owner has, with so many agents; all but the first are his. */
        async function costsWith(agents: bigint) {
          for (let count = await registry.agentCount(); count < agents; ++count) await registry["register()"]();
          const agentId = agents + 1n;
          const costs: bigint[] = [await gasOf(registry["register(string)"](URI))];
          costs.push(await gasOf(registry.setMetadata(agentId, "key", "0x01")));
          await nameWallet(world, agentId, provider);
          costs.push(await gasOf(registry.publish(agentId, LISTING)));
          costs.push(await registry.offerOf.estimateGas(agentId));
          costs.push(await gasOf(registry.transferFrom(owner, await accountOf(Number(agentId)), agentId)));
          await time.increase(600n);
          return costs;
        }

        const few = await costsWith(10n);
        for (const [index, cost] of (await costsWith(1_000n)).entries()) within(cost, few[index]!, 1n);
      });
    });

    it("pays for every byte of a URI itself, up to the bound (A-90)", async () => {
      const { registry } = await loadFixture(withoutAgents);
      await registry["register()"]();
      const cost = await gasOf(registry["register(string)"]("u".repeat(BOUND.uri)));
      expect(cost).to.be.lessThan(700_000n);
      const { gasLimit } = (await ethers.provider.getBlock("latest"))!;
      expect(cost * 20n).to.be.lessThan(gasLimit);
    });
  });
});
