import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { court, crowded, madeUp, NOTICE, WHOLE_SCORE } from "../support/arbitration.ts";
import { ethers, loadFixture, time } from "../support/fixture.ts";
import { minedAt } from "../support/jobs.ts";

const NOBODY = [ZeroAddress, 0n, 0n, false];

describe("PanelArbiter", () => {
  describe("the arbiters of genesis", () => {
    it("are eligible at once, with a whole score", async () => {
      const { arbiter, arbiters } = await loadFixture(court);
      for (const { address } of arbiters) {
        const { eligibleFrom, score, eligible } = await arbiter.memberOf(address);
        expect([score, eligible]).to.deep.equal([WHOLE_SCORE, true]);
        expect(eligibleFrom).to.be.lessThanOrEqual(await time.latest());
      }
    });

    it("may be none", async () => {
      const { system } = await loadFixture(court);
      const empty = await ethers.deployContract("PanelArbiter", [system.manager, []]);
      expect(await empty.getFunction("memberCount")()).to.equal(0n);
    });

    for (const [what, error, genesis] of [
      ["the zero address", "PanelArbiterZeroAccount", [ZeroAddress]],
      ["somebody twice", "PanelArbiterAlreadyMember", [madeUp(1), madeUp(1)]],
      ["more than a hundred", "PanelArbiterRosterFull", Array.from({ length: 101 }, (_, index) => madeUp(index))],
    ] as const) {
      it(`cannot be ${what}`, async () => {
        const { system, arbiter } = await loadFixture(court);
        await expect(ethers.deployContract("PanelArbiter", [system.manager, genesis])).to.be.revertedWithCustomError(
          arbiter,
          error,
        );
      });
    }
  });

  describe("nominate", () => {
    for (const name of ["stranger", "guardian", "judge"] as const) {
      it(`refuses the ${name}`, async () => {
        const { arbiter, actors } = await loadFixture(court);
        await expect(arbiter.connect(actors[name]).nominate(madeUp(1)))
          .to.be.revertedWithCustomError(arbiter, "AccessManagedUnauthorized")
          .withArgs(actors[name].address);
      });
    }

    it("refuses an arbiter", async () => {
      const { arbiter, arbiters } = await loadFixture(court);
      await expect(arbiter.connect(arbiters[0]!).nominate(madeUp(1)))
        .to.be.revertedWithCustomError(arbiter, "AccessManagedUnauthorized")
        .withArgs(arbiters[0]!.address);
    });

    it("refuses the zero address", async () => {
      const { arbiter, court: bench } = await loadFixture(court);
      await expect(bench.nominate(ZeroAddress)).to.be.revertedWithCustomError(arbiter, "PanelArbiterZeroAccount");
    });

    it("refuses a member", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(court);
      await expect(bench.nominate(arbiters[14]!.address))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterAlreadyMember")
        .withArgs(arbiters[14]!.address);
    });

    it("takes the hundredth and refuses the next", async () => {
      const { arbiter, court: bench } = await loadFixture(crowded);
      expect(await arbiter.memberCount()).to.equal(100n);
      await expect(bench.nominate(madeUp(100)))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterRosterFull")
        .withArgs(100n);
    });

    it("notes the member, its whole score and its notice", async () => {
      const { arbiter, court: bench } = await loadFixture(court);
      const eligibleFrom = (await minedAt(await bench.nominate(madeUp(1)))) + NOTICE;
      expect([...(await arbiter.memberOf(madeUp(1)))]).to.deep.equal([madeUp(1), eligibleFrom, WHOLE_SCORE, false]);
      expect(await arbiter.memberCount()).to.equal(16n);
    });

    for (const [when, offset, eligible] of [
      ["not a second before seven days", -1n, false],
      ["in the second in which seven days are over", 0n, true],
      ["a second later", 1n, true],
    ] as const) {
      it(`makes eligible ${when}`, async () => {
        const { arbiter, court: bench } = await loadFixture(court);
        const nominated = await minedAt(await bench.nominate(madeUp(1)));
        await time.increaseTo(nominated + NOTICE + offset);
        expect((await arbiter.memberOf(madeUp(1))).eligible).to.equal(eligible);
        expect(await arbiter.eligibleCount()).to.equal(eligible ? 16n : 15n);
      });
    }

    it("emits the account and from when on it judges", async () => {
      const { arbiter, court: bench } = await loadFixture(court);
      const nominated = await bench.nominate(madeUp(1));
      await expect(nominated)
        .to.emit(arbiter, "MemberNominated")
        .withArgs(madeUp(1), (await minedAt(nominated)) + NOTICE);
    });

    it("gives the lowest free place away again", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(court);
      await bench.dismiss(arbiters[9]!.address);
      await bench.dismiss(arbiters[3]!.address);
      await bench.nominate(madeUp(1));
      const { page } = await arbiter.members(0n, 100n);
      expect(page[3]!.account).to.equal(madeUp(1));
      expect(page).to.have.lengthOf(14);
    });

    it("lets who was dismissed begin anew, with another notice", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(court);
      const { address } = arbiters[0]!;
      await bench.dismiss(address);
      await bench.nominate(address);
      const { score, eligible } = await arbiter.memberOf(address);
      expect([score, eligible]).to.deep.equal([WHOLE_SCORE, false]);
    });
  });

  describe("dismiss", () => {
    for (const name of ["stranger", "guardian", "judge"] as const) {
      it(`refuses the ${name}`, async () => {
        const { arbiter, actors, arbiters } = await loadFixture(court);
        await expect(arbiter.connect(actors[name]).dismiss(arbiters[0]!.address))
          .to.be.revertedWithCustomError(arbiter, "AccessManagedUnauthorized")
          .withArgs(actors[name].address);
      });
    }

    it("refuses who is no member", async () => {
      const { arbiter, actors, court: bench } = await loadFixture(court);
      await expect(bench.dismiss(actors.stranger.address))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterNotMember")
        .withArgs(actors.stranger.address);
    });

    it("takes the member off, and no other", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(court);
      await bench.dismiss(arbiters[7]!.address);
      expect([...(await arbiter.memberOf(arbiters[7]!.address))]).to.deep.equal(NOBODY);
      const { page } = await arbiter.members(0n, 100n);
      const left = arbiters.filter((_, index) => index !== 7).map(({ address }) => address);
      expect(page.map(({ account }) => account)).to.deep.equal(left);
      expect([await arbiter.memberCount(), await arbiter.eligibleCount()]).to.deep.equal([14n, 14n]);
    });

    it("takes off who still has notice", async () => {
      const { arbiter, court: bench } = await loadFixture(court);
      await bench.nominate(madeUp(1));
      await bench.dismiss(madeUp(1));
      await time.increase(NOTICE);
      expect(await arbiter.eligibleCount()).to.equal(15n);
    });

    it("emits the account", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(court);
      await expect(bench.dismiss(arbiters[7]!.address))
        .to.emit(arbiter, "MemberDismissed")
        .withArgs(arbiters[7]!.address);
    });
  });

  describe("resign", () => {
    it("refuses a stranger", async () => {
      const { arbiter, actors } = await loadFixture(court);
      await expect(arbiter.connect(actors.stranger).resign())
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterNotMember")
        .withArgs(actors.stranger.address);
    });

    it("takes the caller off", async () => {
      const { arbiter, arbiters } = await loadFixture(court);
      await arbiter.connect(arbiters[0]!).resign();
      expect([...(await arbiter.memberOf(arbiters[0]!.address))]).to.deep.equal(NOBODY);
      expect(await arbiter.memberCount()).to.equal(14n);
    });

    it("emits the caller, and does not call it dismissed", async () => {
      const { arbiter, arbiters } = await loadFixture(court);
      const resigned = arbiter.connect(arbiters[0]!).resign();
      await expect(resigned).to.emit(arbiter, "MemberResigned").withArgs(arbiters[0]!.address);
      await expect(resigned).not.to.emit(arbiter, "MemberDismissed");
    });
  });

  describe("admit", () => {
    for (const name of ["stranger", "guardian", "judge"] as const) {
      it(`refuses the ${name}`, async () => {
        const { arbiter, actors } = await loadFixture(court);
        await expect(arbiter.connect(actors[name]).admit(actors[name].address, true))
          .to.be.revertedWithCustomError(arbiter, "AccessManagedUnauthorized")
          .withArgs(actors[name].address);
      });
    }

    it("refuses the zero address", async () => {
      const { arbiter, actors } = await loadFixture(court);
      await expect(arbiter.connect(actors.admin).admit(ZeroAddress, true)).to.be.revertedWithCustomError(
        arbiter,
        "PanelArbiterZeroAccount",
      );
    });

    for (const admitted of [true, false]) {
      it(`notes and emits ${admitted ? "that one may" : "that one may no longer"}`, async () => {
        const { arbiter, actors } = await loadFixture(court);
        const { admin, other } = actors;
        if (!admitted) await arbiter.connect(admin).admit(other.address, true);
        await expect(arbiter.connect(admin).admit(other.address, admitted))
          .to.emit(arbiter, "ArbitrableAdmitted")
          .withArgs(other.address, admitted);
        expect(await arbiter.isAdmitted(other.address)).to.equal(admitted);
      });
    }
  });

  describe("members", () => {
    for (const limit of [0n, 101n]) {
      it(`refuses a page of ${limit}`, async () => {
        const { arbiter } = await loadFixture(court);
        await expect(arbiter.members(0n, limit))
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterPageSize")
          .withArgs(limit, 100n);
      });
    }

    it("gives all, once each, page by page", async () => {
      const { arbiter } = await loadFixture(crowded);
      const found: string[] = [];
      let cursor = 0n;
      do {
        const { page, next } = await arbiter.members(cursor, 33n);
        found.push(...page.map(({ account }) => account));
        cursor = next;
      } while (cursor !== 0n);
      expect(new Set(found).size).to.equal(100);
      expect(found).to.have.lengthOf(100);
    });

    it("gives a whole roster in one page", async () => {
      const { arbiter } = await loadFixture(crowded);
      const { page, next } = await arbiter.members(0n, 100n);
      expect([page.length, next]).to.deep.equal([100, 0n]);
    });

    for (const cursor of [15n, 16n, ethers.MaxUint256]) {
      it(`ends behind the last place: ${cursor}`, async () => {
        const { arbiter } = await loadFixture(court);
        expect([...(await arbiter.members(cursor, 100n))]).to.deep.equal([[], 0n]);
      });
    }

    it("shows who still has notice as not eligible", async () => {
      const { arbiter, court: bench } = await loadFixture(court);
      await bench.nominate(madeUp(1));
      const { page } = await arbiter.members(15n, 1n);
      expect([page[0]!.account, page[0]!.eligible]).to.deep.equal([madeUp(1), false]);
    });

    it("knows nothing of a stranger", async () => {
      const { arbiter, actors } = await loadFixture(court);
      expect([...(await arbiter.memberOf(actors.stranger.address))]).to.deep.equal(NOBODY);
    });
  });
});
