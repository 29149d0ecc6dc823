import { expect } from "chai";
import { AbiCoder, getAddress, id, keccak256, MaxUint256, toBeHex, ZeroHash } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { findProviders, type FoundProvider } from "../../scripts/lib/discovery.ts";
import type { ProviderDirectory, ProviderRegistry } from "../../typechain-types/index.js";
import { buyRoleTokens, ethers, loadFixture, OCTO, staffed, time, type World } from "../support/fixture.ts";
import { DAY, impersonated, Jobs } from "../support/jobs.ts";
import { D, MIN_OCTO, MIN_ROLE } from "../support/positions.ts";

const A = roleId("A");
const ANY = { role: D, budget: 0n, minScore: 0n, capability: ZeroHash };
const CAPABILITIES = ["translate", "summarise"];
const ENDPOINT = "https://provider.example/jobs";
const METADATA = '{"languages":["de","en"]}';
const BOUND = { capabilities: 16, capability: 64, content: 4_096, page: 100n };
const UNIT_OF_SCORE = 1n;

type Listing = World & { directory: ProviderDirectory; registry: ProviderRegistry; provider: string };

/** The staffed suite: a provider who is active in A and D, and its view of the registry and of the empty directory. */
async function empty(): Promise<Listing> {
  const world = await loadFixture(staffed);
  const { provider } = world.actors;
  const [directory, registry] = [world.system.providerDirectory, world.system.registry];
  return {
    ...world,
    directory: directory.connect(provider),
    registry: registry.connect(provider),
    provider: provider.address,
  };
}

/** The provider has published its profile for D. */
async function listed(): Promise<Listing> {
  const listing = await empty();
  await listing.directory.publish(D, CAPABILITIES, ENDPOINT, METADATA);
  return listing;
}

/** The provider's position in D has fallen below 80 % of its minimum after the profile was published. */
async function lapsed(): Promise<Listing> {
  const listing = await listed();
  await listing.registry.unbond(D, MIN_OCTO, 0n);
  return listing;
}

/** The provider alone agrees to 600 OCTO without signing, and has a job of as much in flight out of 1,000 it can carry. */
async function busy(): Promise<Listing> {
  const listing = await listed();
  await listing.registry.setStandingTerms(D, 600n * OCTO, 0n);
  await new Jobs(listing).hire({}, 600n * OCTO);
  return listing;
}

/** Five listed providers; those of them that were listed later have the lower addresses. */
async function five(): Promise<Listing> {
  const listing = await empty();
  for (const [index, bond] of [400n, 200n, 300n, 200n, 300n].entries()) await join(listing, 90 - index, bond * OCTO);
  return listing;
}

/** One profile more than a page holds; the bonds rise and fall among them. */
async function crowded(): Promise<Listing> {
  const listing = await empty();
  for (let index = 0; index <= BOUND.page; ++index) {
    await join(listing, 1_000 + index, MIN_OCTO + BigInt((index * 37) % 101) * OCTO);
  }
  return listing;
}

/** The address of a made-up account. */
function addressOf(index: number): string {
  return getAddress(toBeHex(2n ** 159n + BigInt(index), 20));
}

/** A made-up account bonds in D and publishes a profile with a capability of its own. */
async function join({ system, actors, directory }: Listing, index: number, bond: bigint): Promise<string> {
  const account = await impersonated(addressOf(index));
  await system.octo.connect(actors.liquidity).transfer(account.address, 2n * bond);
  await system.octo.connect(account).approve(system.addresses.engine, MaxUint256);
  await system.octo.connect(account).approve(system.addresses.registry, MaxUint256);
  await system.roleTokens.D.connect(account).approve(system.addresses.registry, MaxUint256);
  await buyRoleTokens(system, account, "D", MIN_ROLE);
  await system.registry.connect(account).bond(D, bond, MIN_ROLE);
  await directory.connect(account).publish(D, ["translate", `only ${index}`], ENDPOINT, METADATA);
  return account.address;
}

function hashOf(capabilities: string[], endpoint: string, metadata: string): string {
  const types = ["string[]", "string", "string"];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, [capabilities, endpoint, metadata]));
}

/** A reply of the directory without what the library adds to it. */
function plain({ provider, routingWeight, score, capacityLeft, binding, profileHash }: FoundProvider): FoundProvider {
  return { provider, routingWeight, score, capacityLeft, binding, profileHash };
}

/** Who is on a page, in its order. */
async function names(directory: ProviderDirectory, query = ANY, cursor = 0n, limit = BOUND.page): Promise<string[]> {
  const { matches } = await directory.rank(query, cursor, limit);
  return matches.map((match) => match.provider);
}

async function gasOf(sending: ReturnType<ProviderDirectory["publish"]>): Promise<bigint> {
  return (await (await sending).wait())!.gasUsed;
}

describe("ProviderDirectory", () => {
  describe("publish", () => {
    describe("when the caller is not active in the role", () => {
      it("refuses a stranger", async () => {
        const { directory, actors } = await loadFixture(empty);
        const { stranger } = actors;
        await expect(directory.connect(stranger).publish(D, CAPABILITIES, ENDPOINT, METADATA))
          .to.be.revertedWithCustomError(directory, "ProviderDirectoryNotActive")
          .withArgs(stranger.address, D);
      });

      for (const role of [0n, 2n, 9n, 255n]) {
        it(`refuses a provider in role ${role}`, async () => {
          const { directory, provider } = await loadFixture(empty);
          await expect(directory.publish(role, CAPABILITIES, ENDPOINT, METADATA))
            .to.be.revertedWithCustomError(directory, "ProviderDirectoryNotActive")
            .withArgs(provider, role);
        });
      }

      it("refuses who no longer is, to replace a profile", async () => {
        const { directory, provider } = await loadFixture(lapsed);
        await expect(directory.publish(D, CAPABILITIES, ENDPOINT, METADATA))
          .to.be.revertedWithCustomError(directory, "ProviderDirectoryNotActive")
          .withArgs(provider, D);
      });
    });

    describe("when there are too many capabilities", () => {
      for (const count of [BOUND.capabilities + 1, 300]) {
        it(`refuses ${count} (A-90)`, async () => {
          const { directory } = await loadFixture(empty);
          await expect(directory.publish(D, Array<string>(count).fill("x"), ENDPOINT, METADATA))
            .to.be.revertedWithCustomError(directory, "ProviderDirectoryTooManyCapabilities")
            .withArgs(count, BOUND.capabilities);
        });
      }
    });

    describe("when a capability has no fitting length", () => {
      for (const [what, capabilities, index, length] of [
        ["an empty one", ["", "x"], 0, 0],
        ["an empty one at the end", ["x", "y", ""], 2, 0],
        ["one of 65 bytes", ["x", "x".repeat(65)], 1, 65],
        ["one of 33 letters in 66 bytes", ["ü".repeat(33)], 0, 66],
        ["one of 100,000 bytes", ["x".repeat(100_000)], 0, 100_000],
      ] as const) {
        it(`refuses ${what} (A-90)`, async () => {
          const { directory } = await loadFixture(empty);
          await expect(directory.publish(D, [...capabilities], ENDPOINT, METADATA))
            .to.be.revertedWithCustomError(directory, "ProviderDirectoryCapabilityLength")
            .withArgs(index, length, BOUND.capability);
        });
      }
    });

    describe("when the endpoint is empty", () => {
      for (const metadata of ["", METADATA]) {
        it(`refuses ${metadata === "" ? "without" : "with"} metadata`, async () => {
          const { directory } = await loadFixture(empty);
          await expect(directory.publish(D, CAPABILITIES, "", metadata)).to.be.revertedWithCustomError(
            directory,
            "ProviderDirectoryNoEndpoint",
          );
        });
      }
    });

    describe("when the content is too long", () => {
      for (const [endpoint, metadata] of [
        [BOUND.content + 1, 0],
        [1, BOUND.content],
        [BOUND.content, 1],
        [2_000, 100_000],
      ] as const) {
        it(`refuses an endpoint of ${endpoint} and metadata of ${metadata} bytes (A-90)`, async () => {
          const { directory } = await loadFixture(empty);
          await expect(directory.publish(D, CAPABILITIES, "e".repeat(endpoint), "m".repeat(metadata)))
            .to.be.revertedWithCustomError(directory, "ProviderDirectoryContentTooLong")
            .withArgs(endpoint + metadata, BOUND.content);
        });
      }
    });

    describe("when the content is at a bound", () => {
      for (const [what, capabilities, endpoint, metadata] of [
        ["no capabilities and one byte", [], "e", ""],
        ["one capability of one byte", ["x"], ENDPOINT, ""],
        ["16 capabilities of 64 bytes", [..."0123456789abcdef"].map((digit) => digit.repeat(64)), ENDPOINT, METADATA],
        ["an endpoint of 4,096 bytes", CAPABILITIES, "e".repeat(4_096), ""],
        ["metadata of 4,095 bytes", CAPABILITIES, "e", "m".repeat(4_095)],
        ["the same capability twice", ["x", "x"], ENDPOINT, METADATA],
      ] as const) {
        it(`takes ${what}`, async () => {
          const { directory, provider } = await loadFixture(empty);
          await directory.publish(D, [...capabilities], endpoint, metadata);
          expect(await directory.profileHashOf(provider, D)).to.equal(hashOf([...capabilities], endpoint, metadata));
          for (const capability of capabilities) {
            expect(await directory.hasCapability(provider, D, id(capability))).to.equal(true);
          }
        });
      }
    });

    describe("when the provider is new to the role", () => {
      it("keeps the hash of what it published", async () => {
        const { directory, provider } = await loadFixture(listed);
        expect(await directory.profileHashOf(provider, D)).to.equal(hashOf(CAPABILITIES, ENDPOINT, METADATA));
      });

      it("announces its capabilities and no other", async () => {
        const { directory, provider } = await loadFixture(listed);
        for (const capability of CAPABILITIES) {
          expect(await directory.hasCapability(provider, D, id(capability))).to.equal(true);
        }
        for (const other of [id("transcribe"), id("Translate"), id(""), ZeroHash]) {
          expect(await directory.hasCapability(provider, D, other)).to.equal(false);
        }
      });

      it("lists it in that role alone", async () => {
        const { directory, provider } = await loadFixture(listed);
        expect(await directory.countOf(D)).to.equal(1n);
        expect(await names(directory)).to.deep.equal([provider]);
        expect(await directory.countOf(A)).to.equal(0n);
        expect(await directory.profileHashOf(provider, A)).to.equal(ZeroHash);
        expect(await directory.hasCapability(provider, A, id("translate"))).to.equal(false);
      });

      it("emits all of it", async () => {
        const { directory, provider } = await loadFixture(empty);
        await expect(directory.publish(D, CAPABILITIES, ENDPOINT, METADATA))
          .to.emit(directory, "ProfilePublished")
          .withArgs(provider, D, hashOf(CAPABILITIES, ENDPOINT, METADATA), CAPABILITIES, ENDPOINT, METADATA);
      });

      it("costs the same however many are listed", async () => {
        const listing = await loadFixture(five);
        const { directory, provider } = listing;
        const sixth = await gasOf(directory.publish(D, CAPABILITIES, ENDPOINT, METADATA));
        await directory.remove(provider, D);
        for (let index = 0; index < 10; ++index) await join(listing, 500 + index, MIN_OCTO);
        const sixteenth = await gasOf(directory.publish(D, ["translate", "summarize"], ENDPOINT, METADATA));
        expect(sixteenth).to.equal(sixth);
      });
    });

    describe("when the provider has a profile for the role", () => {
      it("replaces it and lists nobody twice", async () => {
        const { directory, provider } = await loadFixture(listed);
        await directory.publish(D, ["transcribe"], "https://moved.example", "");
        expect(await directory.profileHashOf(provider, D)).to.equal(
          hashOf(["transcribe"], "https://moved.example", ""),
        );
        expect(await directory.countOf(D)).to.equal(1n);
        expect(await names(directory)).to.deep.equal([provider]);
      });

      it("forgets the old capabilities and keeps what is announced again", async () => {
        const { directory, provider } = await loadFixture(listed);
        await directory.publish(D, ["transcribe", "translate"], ENDPOINT, METADATA);
        const has = (name: string) => directory.hasCapability(provider, D, id(name));
        expect(await Promise.all(["translate", "summarise", "transcribe"].map(has))).to.deep.equal([true, false, true]);
      });

      it("remembers them if the old content comes back", async () => {
        const { directory, provider } = await loadFixture(listed);
        await directory.publish(D, [], ENDPOINT, METADATA);
        await directory.publish(D, CAPABILITIES, ENDPOINT, METADATA);
        expect(await directory.hasCapability(provider, D, id("summarise"))).to.equal(true);
      });

      it("leaves its profile for another role alone", async () => {
        const { directory, provider } = await loadFixture(listed);
        await directory.publish(A, ["render"], ENDPOINT, METADATA);
        expect(await directory.profileHashOf(provider, D)).to.equal(hashOf(CAPABILITIES, ENDPOINT, METADATA));
        expect(await directory.hasCapability(provider, D, id("render"))).to.equal(false);
        expect([await directory.countOf(A), await directory.countOf(D)]).to.deep.equal([1n, 1n]);
      });
    });

    describe("when two providers publish the same content", () => {
      it("keeps them apart", async () => {
        const listing = await loadFixture(listed);
        const { directory, provider } = listing;
        const other = await join(listing, 7, MIN_OCTO);
        await directory.connect(await ethers.getSigner(other)).publish(D, CAPABILITIES, ENDPOINT, METADATA);
        await directory.remove(provider, D);
        expect(await directory.hasCapability(provider, D, id("translate"))).to.equal(false);
        expect(await directory.hasCapability(other, D, id("translate"))).to.equal(true);
      });
    });
  });

  describe("remove", () => {
    describe("when there is no profile", () => {
      it("refuses who never had one", async () => {
        const { directory, actors } = await loadFixture(listed);
        const { stranger } = actors;
        await expect(directory.connect(stranger).remove(stranger.address, D))
          .to.be.revertedWithCustomError(directory, "ProviderDirectoryNotListed")
          .withArgs(stranger.address, D);
      });

      it("refuses another role", async () => {
        const { directory, provider } = await loadFixture(listed);
        await expect(directory.remove(provider, A))
          .to.be.revertedWithCustomError(directory, "ProviderDirectoryNotListed")
          .withArgs(provider, A);
      });

      it("refuses a second time", async () => {
        const { directory, provider } = await loadFixture(listed);
        await directory.remove(provider, D);
        await expect(directory.remove(provider, D))
          .to.be.revertedWithCustomError(directory, "ProviderDirectoryNotListed")
          .withArgs(provider, D);
      });
    });

    describe("when the position is active", () => {
      for (const name of ["stranger", "admin", "guardian"] as const) {
        it(`refuses the ${name} (A-40)`, async () => {
          const { directory, actors, provider } = await loadFixture(listed);
          await expect(directory.connect(actors[name]).remove(provider, D))
            .to.be.revertedWithCustomError(directory, "ProviderDirectoryStillActive")
            .withArgs(provider, D, actors[name].address);
        });
      }

      it("lets the provider", async () => {
        const { directory, provider } = await loadFixture(listed);
        await expect(directory.remove(provider, D))
          .to.emit(directory, "ProfileRemoved")
          .withArgs(provider, D, provider);
      });
    });

    describe("when the position is not active any more", () => {
      it("lets anybody", async () => {
        const { directory, actors, provider } = await loadFixture(lapsed);
        await expect(directory.connect(actors.stranger).remove(provider, D))
          .to.emit(directory, "ProfileRemoved")
          .withArgs(provider, D, actors.stranger.address);
        expect(await directory.countOf(D)).to.equal(0n);
      });

      it("lets the provider", async () => {
        const { directory, provider } = await loadFixture(lapsed);
        await directory.remove(provider, D);
        expect(await directory.countOf(D)).to.equal(0n);
      });
    });

    describe("when a profile was removed", () => {
      it("is forgotten", async () => {
        const { directory, provider } = await loadFixture(listed);
        await directory.remove(provider, D);
        expect(await directory.profileHashOf(provider, D)).to.equal(ZeroHash);
        expect(await directory.hasCapability(provider, D, id("translate"))).to.equal(false);
        expect(await names(directory)).to.deep.equal([]);
      });

      it("does not come back with a new one", async () => {
        const { directory, provider } = await loadFixture(listed);
        await directory.remove(provider, D);
        await directory.publish(D, ["transcribe"], ENDPOINT, METADATA);
        expect(await directory.hasCapability(provider, D, id("translate"))).to.equal(false);
        expect(await directory.countOf(D)).to.equal(1n);
      });

      it("leaves everybody else in the list", async () => {
        const { directory } = await loadFixture(five);
        const all = await names(directory);
        const first = await ethers.getSigner(addressOf(90));
        await directory.connect(first).remove(first.address, D);
        expect(await names(directory)).to.deep.equal(all.filter((provider) => provider !== first.address));
        expect(await directory.countOf(D)).to.equal(4n);
      });

      it("leaves the provider's other roles alone", async () => {
        const { directory, provider } = await loadFixture(listed);
        await directory.publish(A, ["render"], ENDPOINT, METADATA);
        await directory.remove(provider, D);
        expect(await directory.hasCapability(provider, A, id("render"))).to.equal(true);
        expect(await directory.countOf(A)).to.equal(1n);
      });
    });
  });

  describe("rank", () => {
    describe("when the page has no fitting size", () => {
      for (const limit of [0n, BOUND.page + 1n, MaxUint256]) {
        it(`refuses a limit of ${limit}`, async () => {
          const { directory } = await loadFixture(listed);
          await expect(directory.rank(ANY, 0n, limit))
            .to.be.revertedWithCustomError(directory, "ProviderDirectoryPageSize")
            .withArgs(limit, BOUND.page);
        });
      }
    });

    describe("when there is nothing at the cursor", () => {
      for (const cursor of [5n, 6n, MaxUint256]) {
        it(`finds nobody at ${cursor} of 5`, async () => {
          const { directory } = await loadFixture(five);
          const { matches, next } = await directory.rank(ANY, cursor, 1n);
          expect([matches.length, next]).to.deep.equal([0, 0n]);
        });
      }

      for (const role of [0n, A, 255n]) {
        it(`finds nobody in role ${role}, which lists none`, async () => {
          const { directory } = await loadFixture(listed);
          const { matches, next } = await directory.rank({ ...ANY, role }, 0n, BOUND.page);
          expect([matches.length, next]).to.deep.equal([0, 0n]);
        });
      }
    });

    describe("when the list is longer than a page", () => {
      for (const [limit, cursors] of [
        [1n, [1n, 2n, 3n, 4n, 0n]],
        [2n, [2n, 4n, 0n]],
        [4n, [4n, 0n]],
        [5n, [0n]],
        [6n, [0n]],
      ] as const) {
        it(`comes to everybody once with ${limit} at a time`, async () => {
          const { directory } = await loadFixture(five);
          const seen: string[] = [];
          let cursor = 0n;
          for (const following of cursors) {
            seen.push(...(await names(directory, ANY, cursor, limit)));
            const { next } = await directory.rank(ANY, cursor, limit);
            expect(next).to.equal(following);
            cursor = next;
          }
          expect(seen.sort()).to.deep.equal([86, 87, 88, 89, 90].map(addressOf).sort());
        });
      }

      it("ranks a hundred of 101 at once, and the last alone", async function () {
        this.timeout(300_000);
        const { directory, registry } = await loadFixture(crowded);
        const [first, last] = [await directory.rank(ANY, 0n, 100n), await directory.rank(ANY, 100n, 100n)];
        expect([first.matches.length, first.next, last.matches.length, last.next]).to.deep.equal([100, 100n, 1, 0n]);
        expect(last.matches[0]!.provider).to.equal(addressOf(1_100));
        const bonds = await Promise.all(
          first.matches.map(async (match) => (await registry.bondOf(match.provider, D))[0]),
        );
        const sorted = [...bonds].sort((one, other) => Number(other - one));
        expect(bonds).to.deep.equal(sorted);
        // A node answers views of up to 50 million gas.
        expect(await directory.rank.estimateGas(ANY, 0n, 100n)).to.be.lessThan(15_000_000n);
      });
    });

    describe("when a provider does not suit", () => {
      it("leaves out who is not active, and takes it in again", async () => {
        const { directory, registry, provider } = await loadFixture(lapsed);
        expect(await names(directory)).to.deep.equal([]);
        await registry.bond(D, MIN_OCTO, 0n);
        expect(await names(directory)).to.deep.equal([provider]);
      });

      it("leaves out a score that is a unit too low", async () => {
        const { directory, registry, provider } = await loadFixture(listed);
        const minScore = await registry.scoreOf(provider, D);
        expect(await names(directory, { ...ANY, minScore })).to.deep.equal([provider]);
        expect(await names(directory, { ...ANY, minScore: minScore + UNIT_OF_SCORE })).to.deep.equal([]);
        expect(await names(directory, { ...ANY, minScore: MaxUint256 })).to.deep.equal([]);
      });

      for (const [what, fixture, capacity] of [
        ["nothing", listed, 1_000n * OCTO],
        ["600 OCTO", busy, 400n * OCTO],
      ] as const) {
        it(`leaves out who can carry a wei too little with ${what} in flight`, async () => {
          const { directory, provider } = await loadFixture(fixture);
          expect(await names(directory, { ...ANY, budget: capacity })).to.deep.equal([provider]);
          expect(await names(directory, { ...ANY, budget: capacity + 1n })).to.deep.equal([]);
          expect(await names(directory, { ...ANY, budget: MaxUint256 })).to.deep.equal([]);
        });
      }

      it("leaves out who did not announce the capability", async () => {
        const { directory } = await loadFixture(five);
        expect(await names(directory, { ...ANY, capability: id("only 88") })).to.deep.equal([addressOf(88)]);
        expect((await names(directory, { ...ANY, capability: id("translate") })).length).to.equal(5);
        expect(await names(directory, { ...ANY, capability: id("transcribe") })).to.deep.equal([]);
      });

      it("looks on: a page without a match is not the last", async () => {
        const { directory } = await loadFixture(five);
        const { matches, next } = await directory.rank({ ...ANY, capability: id("only 86") }, 0n, 3n);
        expect([matches.length, next]).to.deep.equal([0, 3n]);
      });
    });

    describe("when providers suit", () => {
      it("says of each what the registry says", async () => {
        const { system, directory, provider } = await loadFixture(busy);
        const { score, routingWeight } = await system.providerLens.statusOf(provider, D);
        const { matches } = await directory.rank(ANY, 0n, 1n);
        expect(matches.map(plain)).to.deep.equal([
          {
            provider,
            routingWeight,
            score,
            capacityLeft: 400n * OCTO,
            binding: true,
            profileHash: hashOf(CAPABILITIES, ENDPOINT, METADATA),
          },
        ]);
      });

      for (const [what, terms, budget, binding] of [
        ["as much as the standing terms", 100n * OCTO, 100n * OCTO, true],
        ["a wei more", 100n * OCTO, 100n * OCTO + 1n, false],
        ["nothing without terms", 0n, 0n, false],
        ["one wei without terms", 0n, 1n, false],
      ] as const) {
        it(`${binding ? "sees" : "does not see"} it bound to ${what}`, async () => {
          const { directory, registry } = await loadFixture(listed);
          await registry.setStandingTerms(D, terms, 3_600n);
          const { matches } = await directory.rank({ ...ANY, budget }, 0n, 1n);
          expect(matches.map((match) => match.binding)).to.deep.equal([binding]);
        });
      }

      it("puts the greater routing weight first, and of equals the lower address", async () => {
        const { directory } = await loadFixture(five);
        expect(await names(directory)).to.deep.equal([90, 86, 88, 87, 89].map(addressOf));
      });

      it("puts the higher score first if the weights are equal", async () => {
        const listing = await loadFixture(empty);
        const { directory } = listing;
        const midnight = (BigInt(await time.latest()) / DAY + 2n) * DAY;
        await time.increaseTo(midnight - DAY);
        const older = await join(listing, 20, 400n * OCTO);
        await time.increaseTo(midnight);
        // A day's age is worth as much as 19.177 OCTO, but it raises the score, too.
        const richer = await join(listing, 10, 419_177n * (OCTO / 1_000n));
        const { matches } = await directory.rank(ANY, 0n, 2n);
        const [first, second] = matches;
        expect(first!.routingWeight).to.equal(second!.routingWeight);
        expect(first!.score > second!.score).to.equal(true);
        expect([first!.provider, second!.provider]).to.deep.equal([older, richer]);
      });
    });
  });

  describe("findProviders", () => {
    it("finds nobody where nobody is", async () => {
      const { directory } = await loadFixture(empty);
      expect(await findProviders(directory, { role: D, budget: 1n })).to.deep.equal([]);
    });

    for (const pageSize of [1n, 2n, 3n, 100n]) {
      it(`merges pages of ${pageSize} into one ranking`, async () => {
        const { directory } = await loadFixture(five);
        const found = await findProviders(directory, { role: D, budget: OCTO }, { pageSize });
        expect(found.map(({ provider }) => provider)).to.deep.equal([90, 86, 88, 87, 89].map(addressOf));
      });
    }

    it("says of each what the directory says", async () => {
      const { directory } = await loadFixture(busy);
      const { matches } = await directory.rank(ANY, 0n, 1n);
      expect(await findProviders(directory, { role: D, budget: 0n })).to.deep.equal(matches.map(plain));
    });

    it("asks for a score and a capability by its name", async () => {
      const { directory } = await loadFixture(five);
      const only = await findProviders(directory, { role: D, budget: OCTO, capability: "only 88" });
      expect(only.map(({ provider }) => provider)).to.deep.equal([addressOf(88)]);
      expect(await findProviders(directory, { role: D, budget: OCTO, minScore: 100n * 100_000n })).to.deep.equal([]);
    });
  });
});
