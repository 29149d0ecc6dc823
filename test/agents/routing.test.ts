import { expect } from "chai";
import fc from "fast-check";

import { type Candidate, Policy, ranked } from "../../scripts/agents/routing.ts";
import { OCTO } from "../support/fixture.ts";

const candidate = (agentId: bigint, price: bigint, duration: bigint, quality: number): Candidate => ({
  agentId,
  provider: `0x${agentId}`,
  price: price * OCTO,
  duration,
  quality,
  endpoint: "",
});

const CHEAP = candidate(1n, 5n, 7_200n, 0.5);
const FAST = candidate(2n, 20n, 600n, 0.5);
const GOOD = candidate(3n, 20n, 7_200n, 1);
const FAIR = candidate(4n, 8n, 900n, 0.8);
const ALL = [GOOD, FAST, FAIR, CHEAP];

const firstOf = (policy: Policy) => ranked(ALL, policy)[0]!.agentId;

describe("Routing", () => {
  it("puts the cheapest, the fastest and the best rated first", () => {
    expect(firstOf("cheapest")).to.equal(CHEAP.agentId);
    expect(firstOf("fastest")).to.equal(FAST.agentId);
    expect(firstOf("quality")).to.equal(GOOD.agentId);
  });

  it("weighs all three alike when balanced", () => {
    expect(ranked(ALL, "balanced").map(({ agentId }) => agentId)).to.deep.equal([4n, 2n, 1n, 3n]);
  });

  it("takes weights of one's own", () => {
    expect(firstOf({ price: 10, speed: 1, quality: 1 })).to.equal(CHEAP.agentId);
    expect(firstOf({ price: 0, speed: 0, quality: 2 })).to.equal(GOOD.agentId);
  });

  it("puts like ones in the order of price, then of age", () => {
    const [older, younger, dearer] = [
      candidate(7n, 5n, 60n, 0.5),
      candidate(8n, 5n, 60n, 0.5),
      candidate(6n, 6n, 60n, 0.5),
    ];
    expect(ranked([dearer, younger, older], "fastest")).to.deep.equal([older, younger, dearer]);
  });

  it("takes everybody for alike if nobody has any quality, and finds nobody among nobody", () => {
    expect(ranked([candidate(2n, 2n, 1n, 0), candidate(1n, 1n, 2n, 0)], "quality")[0]!.agentId).to.equal(1n);
    expect(ranked([], "balanced")).to.deep.equal([]);
  });

  it("refuses weights that say nothing", () => {
    expect(Policy.safeParse({ price: 0, speed: 0, quality: 0 }).success).to.equal(false);
    expect(Policy.safeParse({ price: -1, speed: 1, quality: 1 }).success).to.equal(false);
    expect(Policy.safeParse("dearest").success).to.equal(false);
  });

  it("never puts one behind another that is worse in everything", () => {
    const any = fc.record({
      price: fc.bigInt({ min: 1n, max: 1_000n }),
      duration: fc.bigInt({ min: 300n, max: 90_000n }),
      quality: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const policies = fc.constantFrom<Policy>("cheapest", "fastest", "quality", "balanced");
    fc.assert(
      fc.property(fc.array(any, { minLength: 2, maxLength: 6 }), policies, (offers, policy) => {
        const better = offers.map(({ price, duration, quality }, index) =>
          candidate(BigInt(index) + 1n, price, duration, quality),
        );
        const worst = candidate(99n, 1_001n, 90_001n, -1);
        expect(ranked([worst, ...better], policy).at(-1)).to.equal(worst);
      }),
    );
  });
});
