import { rmSync } from "node:fs";

import { expect } from "chai";
import { parseEther, parseUnits, ZeroAddress } from "ethers";

import { addressFile, requireContracts, writeAddresses } from "../../scripts/lib/addresses.ts";
import { Failure } from "../../scripts/lib/failure.ts";
import { readParameters } from "../../scripts/lib/parameters.ts";
import { checkGround, checkParameters, type Ground } from "../../scripts/lib/preflight.ts";

const DEPLOYER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

import type { Addresses } from "../../scripts/lib/system.ts";

type Draft = {
  $global: Record<string, unknown>;
  Tokens: Record<string, unknown>;
  Arbitration: { arbiters: string[] };
};

/** The failure that a check ends in. */
function failureOf(check: () => void): Failure {
  try {
    check();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

/** Complete parameters of a public network, with a change. */
function parameters(change: (draft: Draft) => void = () => undefined): unknown {
  const draft = structuredClone(readParameters("local")) as unknown as Draft;
  draft.$global["adminDelay"] = 604_800;
  draft.$global["custodyDelay"] = 1_209_600;
  change(draft);
  return draft;
}

const refused = (change: (draft: Draft) => void) =>
  failureOf(() => checkParameters("sepolia", DEPLOYER, parameters(change)));

describe("deployment preflight", () => {
  describe("parameters", () => {
    it("accepts a complete file", () => {
      expect(() => checkParameters("sepolia", DEPLOYER, parameters())).not.to.throw();
    });

    it("names the first empty value of the committed Sepolia file, which waits to be filled in", () => {
      const failure = failureOf(() => checkParameters("sepolia", DEPLOYER));
      expect(failure.message).to.equal("deploy/parameters/sepolia.json5: $global.admin is empty.");
      expect(failure.nextStep).to.equal("Fill it in and start again.");
    });

    it("names the known networks when there is no file", () => {
      const failure = failureOf(() => readParameters("nowhere"));
      expect(failure.message).to.include('no deployment parameters for the network "nowhere"');
      expect(failure.message).to.include("local, sepolia");
    });

    it("refuses what is no address", () => {
      const { message } = refused(({ $global }) => ($global["treasury"] = "0x1234"));
      expect(message).to.include("$global.treasury is not an address");
    });

    it("refuses the zero address", () => {
      const { message } = refused(({ $global }) => ($global["guardian"] = ZeroAddress));
      expect(message).to.include("$global.guardian is the zero address");
    });

    it("refuses a missing value", () => {
      expect(refused(({ $global }) => delete $global["guardian"]).message).to.include("$global.guardian");
    });

    it("refuses the deployer as administrator, who would be left with nothing", () => {
      expect(refused(({ $global }) => ($global["admin"] = DEPLOYER)).message).to.include("is the deployer");
    });

    it("refuses upgrades of custody that are faster than an exit", () => {
      const { message } = refused(({ $global }) => ($global["custodyDelay"] = 1_209_599));
      expect(message).to.include("$global.custodyDelay is less than 14 days");
    });

    it("refuses upgrades of a market that are faster than a client can revoke its allowance", () => {
      const { message } = refused(({ $global }) => ($global["adminDelay"] = 604_799));
      expect(message).to.include("$global.adminDelay is less than 7 days");
    });

    for (const name of [
      "treasuryBeneficiary",
      "teamBeneficiary",
      "earlyBeneficiary",
      "partnerBeneficiary",
      "liquidity",
    ]) {
      it(`refuses an allocation without its ${name}`, () => {
        expect(refused(({ Tokens }) => (Tokens[name] = "")).message).to.include(`Tokens.${name} is empty`);
        expect(refused(({ Tokens }) => (Tokens[name] = ZeroAddress)).message).to.include(
          `Tokens.${name} is the zero address`,
        );
        expect(refused(({ Tokens }) => delete Tokens[name]).message).to.include(`Tokens.${name}`);
      });
    }

    it("accepts a roster that is still empty", () => {
      const none = parameters(({ Arbitration }) => (Arbitration.arbiters = []));
      expect(() => checkParameters("sepolia", DEPLOYER, none)).not.to.throw();
    });

    it("refuses an arbiter that is no address", () => {
      const { message } = refused(({ Arbitration }) => (Arbitration.arbiters[3] = ""));
      expect(message).to.include("Arbitration.arbiters.3 is empty");
    });

    it("refuses an arbiter who is named twice", () => {
      const { message } = refused(({ Arbitration }) =>
        Arbitration.arbiters.push(Arbitration.arbiters[0]!.toLowerCase()),
      );
      expect(message).to.include("Arbitration.arbiters names somebody twice");
    });

    it("refuses more arbiters than the roster holds", () => {
      const { message } = refused(({ Arbitration }) => {
        Arbitration.arbiters = Array.from({ length: 101 }, (_, index) => `0x${String(index + 1).padStart(40, "0")}`);
      });
      expect(message).to.include("Arbitration.arbiters has more than 100 arbiters");
    });

    it("refuses amounts, which stand in deploy/genesis.ts", () => {
      const { message } = refused(({ Tokens }) => (Tokens["allocations"] = []));
      expect(message).to.include('Unrecognized key: "allocations"');
    });
  });

  describe("an earlier deployment", () => {
    const written = "rehearsal-of-a-test";
    before(() => {
      writeAddresses(addressFile(written), written, 31_337n, { settlement: DEPLOYER } as Addresses);
    });
    after(() => rmSync(addressFile(written)));

    it("passes when its addresses are contracts", async () => {
      await requireContracts(written, () => Promise.resolve("0x6001"));
    });

    it("is refused when one of them is not a contract", async () => {
      const failure = await requireContracts(written, () => Promise.resolve("0x")).catch((error: Failure) => error);
      expect(failure).to.be.instanceOf(Failure);
      expect((failure as Failure).message).to.include(`settlement is at ${DEPLOYER}, which is not a contract`);
    });
  });

  describe("ground", () => {
    const ground: Ground = {
      chainId: 11_155_111n,
      expectedChainId: 11_155_111,
      deployer: DEPLOYER,
      balance: parseEther("1"),
      gasPrice: parseUnits("1", "gwei"),
    };

    it("accepts the right chain and enough to pay with", () => {
      expect(() => checkGround("sepolia", ground)).not.to.throw();
    });

    it("refuses an RPC of another chain", () => {
      const { message } = failureOf(() => checkGround("sepolia", { ...ground, chainId: 1n }));
      expect(message).to.equal('The RPC of "sepolia" serves chain 1, not 11155111.');
    });

    it("refuses a deployer who cannot pay, and says what is needed", () => {
      const { message } = failureOf(() => checkGround("sepolia", { ...ground, balance: parseEther("0.0649") }));
      expect(message).to.include(`The deployer ${DEPLOYER} has 0.0649 ETH`);
      expect(message).to.include("may need 0.075");
    });
  });
});
