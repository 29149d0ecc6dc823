import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import {
  type BaseContract,
  concat,
  dataSlice,
  getNumber,
  id,
  N as CURVE_ORDER,
  toBeHex,
  TypedDataEncoder,
} from "ethers";

import { CANCEL_TYPES, domainOf, RECEIVE_TYPES, TRANSFER_TYPES } from "../../scripts/lib/deal.ts";
import type { OctoToken, RoleToken } from "../../typechain-types/index.js";
import type { TypedContractMethod } from "../../typechain-types/common.js";
import {
  buyRoleTokens,
  deployed,
  ethers,
  loadFixture,
  networkHelpers,
  OCTO,
  time,
  type World,
} from "../support/fixture.ts";

type Token = OctoToken | RoleToken;

/** The two ways to hand over a signature. */
const FORMS = ["v, r, s", "bytes"] as const;
type Form = (typeof FORMS)[number];

/** The two calls that pay. */
const KINDS = ["transfer", "receive"] as const;
type Kind = (typeof KINDS)[number];

type Authorization = {
  from: string;
  to: string;
  value: bigint;
  validAfter: bigint;
  validBefore: bigint;
  nonce: string;
};

type Domain = ReturnType<typeof domainOf>;
type Signer = { signTypedData: HardhatEthersSigner["signTypedData"] };
type Wallet1271 = BaseContract & { revoke: TypedContractMethod<[], [void], "nonpayable"> };

const { MaxUint256, ZeroAddress } = ethers;
const BALANCE = 1_000n * OCTO;
const TYPES = { transfer: TRANSFER_TYPES, receive: RECEIVE_TYPES };
/** Bit 47, which OpenZeppelin's token takes for "these are block numbers". */
const BLOCK_CLOCK = 2n ** 47n;

const another = (form: Form): Form => (form === "bytes" ? "v, r, s" : "bytes");
const otherThan = (kind: Kind): Kind => (kind === "transfer" ? "receive" : "transfer");

/** A signature in its parts, even one that a library would refuse to take apart. */
function partsOf(signature: string): [v: number, r: string, s: string] {
  return [getNumber(dataSlice(signature, 64)), dataSlice(signature, 0, 32), dataSlice(signature, 32, 64)];
}

/** The second signature that the curve holds for valid too: s mirrored, v flipped. */
function mirrored(signature: string): string {
  const [v, r, s] = partsOf(signature);
  return concat([r, toBeHex(CURVE_ORDER - BigInt(s), 32), toBeHex(v === 27 ? 28 : 27)]);
}

/** What the tests of one token need. The client pays, the provider is paid, the relayer submits. */
async function authorizing(make: (world: World) => Promise<{ token: Token; name: string; other: string }>) {
  const world = await loadFixture(deployed);
  const { system, actors } = world;
  await system.octo.connect(actors.liquidity).transfer(actors.client.address, 10_000n * OCTO);
  const { token, name, other } = await make(world);
  const { chainId } = await ethers.provider.getNetwork();
  const domain = domainOf(name, chainId, await token.getAddress());
  const authorization: Authorization = {
    from: actors.client.address,
    to: actors.provider.address,
    value: 25n * OCTO,
    validAfter: 0n,
    validBefore: BigInt(await time.latest()) + 3_600n,
    nonce: id("any 32 bytes"),
  };

  const sign = (kind: Kind, signed = authorization, signer: Signer = actors.client, under: Domain = domain) =>
    signer.signTypedData(under, TYPES[kind], signed);

  const signCancel = (nonce = authorization.nonce, signer: Signer = actors.client, under: Domain = domain, by = "") =>
    signer.signTypedData(under, CANCEL_TYPES, { authorizer: by || actors.client.address, nonce });

  /** Submits a payment: a transfer by the relayer, a receipt by the payee. */
  const pay = (kind: Kind, form: Form, signature: string, sent = authorization, caller?: HardhatEthersSigner) => {
    const { from, to, value, validAfter, validBefore, nonce } = sent;
    const fields = [from, to, value, validAfter, validBefore, nonce] as const;
    if (kind === "transfer") {
      const by = token.connect(caller ?? actors.relayer) as OctoToken;
      return form === "bytes"
        ? by["transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"](...fields, signature)
        : by["transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)"](
            ...fields,
            ...partsOf(signature),
          );
    }
    const by = token.connect(caller ?? actors.provider) as OctoToken;
    return form === "bytes"
      ? by["receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"](...fields, signature)
      : by["receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)"](
          ...fields,
          ...partsOf(signature),
        );
  };

  const cancel = (form: Form, signature: string, nonce = authorization.nonce, authorizer = actors.client.address) => {
    const by = token.connect(actors.relayer) as OctoToken;
    return form === "bytes"
      ? by["cancelAuthorization(address,bytes32,bytes)"](authorizer, nonce, signature)
      : by["cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)"](authorizer, nonce, ...partsOf(signature));
  };

  /** A contract wallet that the client owns, with tokens in it and an authorization out of it. */
  const wallet = async () => {
    const contract = (await ethers.deployContract("Wallet1271", [actors.client.address])) as unknown as Wallet1271;
    const from = await contract.getAddress();
    await token.connect(actors.client).transfer(from, 100n * OCTO);
    return { contract, authorization: { ...authorization, from } };
  };

  return { ...world, token, domain, other, authorization, sign, signCancel, pay, cancel, wallet };
}

function behavesLikeERC3009(
  name: string,
  make: (world: World) => Promise<{ token: Token; name: string; other: string }>,
) {
  const setUp = () => authorizing(make);

  describe(name, () => {
    for (const kind of KINDS) {
      for (const form of FORMS) {
        describe(`${kind}WithAuthorization with ${form}`, () => {
          if (kind === "receive") {
            describe("when the caller is not the payee", () => {
              for (const caller of ["stranger", "client"] as const) {
                it(`refuses the ${caller}`, async () => {
                  const { token, actors, authorization, sign, pay } = await setUp();
                  await expect(pay(kind, form, await sign(kind), authorization, actors[caller]))
                    .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
                    .withArgs(authorization.to);
                });
              }
            });
          }

          describe("when the signature is not the payer's", () => {
            it("refuses another signer", async () => {
              const { token, actors, authorization, sign, pay } = await setUp();
              const signature = await sign(kind, authorization, actors.stranger);
              await expect(pay(kind, form, signature)).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
            });

            for (const [field, change] of [
              ["from", ({ actors }: World) => actors.stranger.address],
              ["value", () => 25n * OCTO + 1n],
              ["validAfter", () => 1n],
              ["validBefore", () => MaxUint256],
              ["nonce", () => id("another")],
            ] as const) {
              it(`refuses another ${field} than was signed`, async () => {
                const world = await setUp();
                const { token, authorization, sign, pay } = world;
                const sent = { ...authorization, [field]: change(world) };
                const signature = await sign(kind);
                await expect(pay(kind, form, signature, sent)).to.be.revertedWithCustomError(
                  token,
                  "ERC3009InvalidSignature",
                );
              });
            }

            it("refuses another payee than was signed", async () => {
              const { token, actors, authorization, sign, pay } = await setUp();
              const sent = { ...authorization, to: actors.stranger.address };
              const signature = await sign(kind);
              await expect(pay(kind, form, signature, sent, actors.stranger)).to.be.revertedWithCustomError(
                token,
                "ERC3009InvalidSignature",
              );
            });
          });

          describe("when it was signed for elsewhere (M-12)", () => {
            for (const [what, change] of [
              ["chain", () => ({ chainId: 1n })],
              ["contract", (other: string) => ({ verifyingContract: other })],
              ["name", () => ({ name: "CipherOcto Impostor" })],
              ["version", () => ({ version: "2" })],
            ] as const) {
              it(`refuses another ${what}`, async () => {
                const { token, actors, domain, other, authorization, sign, pay } = await setUp();
                const signature = await sign(kind, authorization, actors.client, { ...domain, ...change(other) });
                await expect(pay(kind, form, signature)).to.be.revertedWithCustomError(
                  token,
                  "ERC3009InvalidSignature",
                );
              });
            }

            it(`refuses what was signed for ${otherThan(kind)}WithAuthorization`, async () => {
              const { token, sign, pay } = await setUp();
              const signature = await sign(otherThan(kind));
              await expect(pay(kind, form, signature)).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
            });

            it("refuses what was signed for cancelAuthorization", async () => {
              const { token, signCancel, pay } = await setUp();
              const signature = await signCancel();
              await expect(pay(kind, form, signature)).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
            });
          });

          if (kind === "transfer") {
            describe("when the payee is the zero address", () => {
              it("refuses", async () => {
                const { token, authorization, sign, pay } = await setUp();
                const lost = { ...authorization, to: ZeroAddress };
                await expect(pay(kind, form, await sign(kind, lost), lost))
                  .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
                  .withArgs(ZeroAddress);
              });
            });
          }

          describe("when the signature is malformed", () => {
            it("refuses the mirrored one, whose s is above half of the order (M-12)", async () => {
              const { token, sign, pay } = await setUp();
              const signature = mirrored(await sign(kind));
              const paying = expect(pay(kind, form, signature)).to.be;
              if (form === "bytes") await paying.revertedWithCustomError(token, "ERC3009InvalidSignature");
              else {
                const [, , s] = partsOf(signature);
                await paying.revertedWithCustomError(token, "ECDSAInvalidSignatureS").withArgs(s);
              }
            });

            it("does not take the zero address for the signer of nonsense", async () => {
              const { token, authorization, sign, pay } = await setUp();
              const nonsense = concat([dataSlice(await sign(kind), 0, 64), "0x1d"]);
              const error = form === "bytes" ? "ERC3009InvalidSignature" : "ECDSAInvalidSignature";
              await expect(
                pay(kind, form, nonsense, { ...authorization, from: ZeroAddress, value: 0n }),
              ).to.be.revertedWithCustomError(token, error);
            });

            if (form === "bytes") {
              for (const [length, cut] of [
                [0, () => "0x"],
                [64, (signature: string) => dataSlice(signature, 0, 64)],
                [66, (signature: string) => concat([signature, "0x00"])],
              ] as const) {
                it(`refuses ${length} bytes`, async () => {
                  const { token, sign, pay } = await setUp();
                  const signature = cut(await sign(kind));
                  await expect(pay(kind, form, signature)).to.be.revertedWithCustomError(
                    token,
                    "ERC3009InvalidSignature",
                  );
                });
              }
            }
          });

          describe("when the nonce was used (M-12)", () => {
            for (const second of FORMS) {
              it(`refuses the same authorization with ${second}`, async () => {
                const { token, authorization, sign, pay } = await setUp();
                const signature = await sign(kind);
                await pay(kind, form, signature);
                await expect(pay(kind, second, signature))
                  .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
                  .withArgs(authorization.from, authorization.nonce);
              });
            }

            it("refuses another authorization under it, by either call", async () => {
              const { token, authorization, sign, pay } = await setUp();
              await pay(kind, form, await sign(kind));
              const next = { ...authorization, value: 1n };
              for (const by of KINDS) {
                await expect(pay(by, form, await sign(by, next), next))
                  .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
                  .withArgs(authorization.from, authorization.nonce);
              }
            });
          });

          describe("when the nonce was cancelled (M-12)", () => {
            for (const cancelled of FORMS) {
              it(`refuses after a cancellation with ${cancelled}`, async () => {
                const { token, authorization, sign, signCancel, pay, cancel } = await setUp();
                const signature = await sign(kind);
                await cancel(cancelled, await signCancel());
                await expect(pay(kind, form, signature))
                  .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
                  .withArgs(authorization.from, authorization.nonce);
              });
            }
          });

          describe("when the moment is about the bounds (M-23)", () => {
            const [after, before] = [1_000n, 2_000n];

            async function bounded() {
              const world = await setUp();
              const now = BigInt(await time.latest());
              const authorization = { ...world.authorization, validAfter: now + after, validBefore: now + before };
              const payAt = async (seconds: bigint) => {
                const signature = await world.sign(kind, authorization);
                await time.setNextBlockTimestamp(now + seconds);
                return world.pay(kind, form, signature, authorization);
              };
              return { ...world, authorization, payAt };
            }

            for (const [moment, seconds] of [
              ["one second before validAfter", after - 1n],
              ["at validAfter", after],
              ["at validBefore", before],
              ["one second after validBefore", before + 1n],
            ] as const) {
              it(`refuses ${moment}`, async () => {
                const { token, authorization, payAt } = await bounded();
                await expect(payAt(seconds))
                  .to.be.revertedWithCustomError(token, "ERC3009InvalidAuthorizationTime")
                  .withArgs(authorization.validAfter, authorization.validBefore);
              });
            }

            for (const [moment, seconds] of [
              ["one second after validAfter", after + 1n],
              ["one second before validBefore", before - 1n],
            ] as const) {
              it(`pays ${moment}`, async () => {
                const { token, actors, authorization, payAt } = await bounded();
                await payAt(seconds);
                expect(await token.balanceOf(actors.provider.address)).to.equal(authorization.value);
              });
            }

            it("pays without an end if validBefore is the largest number", async () => {
              const { token, actors, authorization, sign, pay } = await setUp();
              const endless = { ...authorization, validBefore: MaxUint256 };
              await pay(kind, form, await sign(kind, endless), endless);
              expect(await token.balanceOf(actors.provider.address)).to.equal(authorization.value);
            });
          });

          describe("when both bounds have bit 47 set", () => {
            it("takes them for moments far away, not for block numbers", async () => {
              const { token, authorization, sign, pay } = await setUp();
              const blocks = { ...authorization, validAfter: BLOCK_CLOCK, validBefore: BLOCK_CLOCK + 1_000_000n };
              await expect(pay(kind, form, await sign(kind, blocks), blocks))
                .to.be.revertedWithCustomError(token, "ERC3009InvalidAuthorizationTime")
                .withArgs(blocks.validAfter, blocks.validBefore);
            });
          });

          describe("when only validBefore has bit 47 set", () => {
            it("takes it for a moment far away", async () => {
              const { token, actors, authorization, sign, pay } = await setUp();
              const far = { ...authorization, validBefore: BLOCK_CLOCK };
              await pay(kind, form, await sign(kind, far), far);
              expect(await token.balanceOf(actors.provider.address)).to.equal(authorization.value);
            });
          });

          describe("when the amount is at an edge (M-23)", () => {
            for (const value of [0n, 1n, BALANCE]) {
              it(`pays ${value} wei of ${BALANCE}`, async () => {
                const { token, actors, authorization, sign, pay } = await setUp();
                const edge = { ...authorization, value };
                const signature = await sign(kind, edge);
                await expect(pay(kind, form, signature, edge)).to.changeTokenBalances(
                  ethers,
                  token,
                  [actors.client, actors.provider],
                  [-value, value],
                );
              });
            }

            for (const value of [BALANCE + 1n, 2n ** 128n]) {
              it(`refuses ${value} wei of ${BALANCE} and leaves the nonce unused`, async () => {
                const { token, authorization, sign, pay } = await setUp();
                const edge = { ...authorization, value };
                await expect(pay(kind, form, await sign(kind, edge), edge))
                  .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
                  .withArgs(authorization.from, BALANCE, value);
                expect(await token.authorizationState(authorization.from, authorization.nonce)).to.equal(false);
              });
            }
          });

          describe("when the payer is a contract", () => {
            if (form === "bytes") {
              it("pays by what its ERC-1271 accepts", async () => {
                const { token, actors, wallet, sign, pay } = await setUp();
                const { contract, authorization } = await wallet();
                const signature = await sign(kind, authorization);
                await expect(pay(kind, form, signature, authorization)).to.changeTokenBalances(
                  ethers,
                  token,
                  [contract, actors.provider],
                  [-authorization.value, authorization.value],
                );
              });

              it("refuses what its ERC-1271 accepts no more (M-12)", async () => {
                const { token, actors, wallet, sign, pay } = await setUp();
                const { contract, authorization } = await wallet();
                const signature = await sign(kind, authorization);
                await contract.connect(actors.client).getFunction("revoke").send();
                await expect(pay(kind, form, signature, authorization)).to.be.revertedWithCustomError(
                  token,
                  "ERC3009InvalidSignature",
                );
              });

              it("refuses another than its owner", async () => {
                const { token, actors, wallet, sign, pay } = await setUp();
                const { authorization } = await wallet();
                const signature = await sign(kind, authorization, actors.stranger);
                await expect(pay(kind, form, signature, authorization)).to.be.revertedWithCustomError(
                  token,
                  "ERC3009InvalidSignature",
                );
              });

              it("refuses for a contract without ERC-1271", async () => {
                const { token, other, authorization, sign, pay } = await setUp();
                const theirs = { ...authorization, from: other, value: 0n };
                const signature = await sign(kind, theirs);
                await expect(pay(kind, form, signature, theirs)).to.be.revertedWithCustomError(
                  token,
                  "ERC3009InvalidSignature",
                );
              });
            } else {
              it("refuses its owner's signature, which is not its own", async () => {
                const { token, wallet, sign, pay } = await setUp();
                const { authorization } = await wallet();
                const signature = await sign(kind, authorization);
                await expect(pay(kind, form, signature, authorization)).to.be.revertedWithCustomError(
                  token,
                  "ERC3009InvalidSignature",
                );
              });
            }
          });

          describe("when the payer is an account with code of its own (ERC-7702)", () => {
            it("refuses the signature of another key", async () => {
              const { token, actors, other, authorization, sign, pay } = await setUp();
              const signature = await sign(kind, authorization, actors.stranger);
              await networkHelpers.setCode(actors.client.address, concat(["0xef0100", other]));
              await expect(pay(kind, form, signature)).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
            });

            it("pays by the signature of the account's key", async () => {
              const { token, actors, other, authorization, sign, pay } = await setUp();
              const signature = await sign(kind);
              await networkHelpers.setCode(actors.client.address, concat(["0xef0100", other]));
              await pay(kind, form, signature);
              expect(await token.balanceOf(actors.provider.address)).to.equal(authorization.value);
            });
          });

          describe("when the payer signed", () => {
            it("moves the amount from payer to payee", async () => {
              const { token, actors, authorization, sign, pay } = await setUp();
              const signature = await sign(kind);
              await expect(pay(kind, form, signature)).to.changeTokenBalances(
                ethers,
                token,
                [actors.client, actors.provider, actors.relayer],
                [-authorization.value, authorization.value, 0n],
              );
            });

            it("needs no allowance and leaves none", async () => {
              const { token, actors, sign, pay } = await setUp();
              await pay(kind, form, await sign(kind));
              for (const spender of [actors.provider, actors.relayer]) {
                expect(await token.allowance(actors.client.address, spender.address)).to.equal(0n);
              }
            });

            it("uses up the nonce of the payer, and no other", async () => {
              const { token, actors, authorization, sign, pay } = await setUp();
              expect(await token.authorizationState(authorization.from, authorization.nonce)).to.equal(false);
              await pay(kind, form, await sign(kind));
              expect(await token.authorizationState(authorization.from, authorization.nonce)).to.equal(true);
              expect(await token.authorizationState(authorization.from, id("another"))).to.equal(false);
              expect(await token.authorizationState(actors.provider.address, authorization.nonce)).to.equal(false);
            });

            it("leaves the nonces of permits alone", async () => {
              const { token, authorization, sign, pay } = await setUp();
              await pay(kind, form, await sign(kind));
              expect(await token.nonces(authorization.from)).to.equal(0n);
            });

            it("emits the use and the transfer", async () => {
              const { token, authorization, sign, pay } = await setUp();
              const { from, to, value, nonce } = authorization;
              const paying = pay(kind, form, await sign(kind));
              await expect(paying).to.emit(token, "AuthorizationUsed").withArgs(from, nonce);
              await expect(paying).to.emit(token, "Transfer").withArgs(from, to, value);
            });
          });
        });
      }
    }

    for (const form of FORMS) {
      describe(`cancelAuthorization with ${form}`, () => {
        describe("when the signature is not the authorizer's", () => {
          it("refuses another signer", async () => {
            const { token, actors, authorization, signCancel, cancel } = await setUp();
            const signature = await signCancel(authorization.nonce, actors.stranger);
            await expect(cancel(form, signature)).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
          });

          it("refuses another nonce than was signed", async () => {
            const { token, signCancel, cancel } = await setUp();
            const signature = await signCancel(id("another"));
            await expect(cancel(form, signature)).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
          });
        });

        describe("when it was signed for elsewhere (M-12)", () => {
          for (const [what, change] of [
            ["chain", () => ({ chainId: 1n })],
            ["contract", (other: string) => ({ verifyingContract: other })],
          ] as const) {
            it(`refuses another ${what}`, async () => {
              const { token, actors, domain, other, authorization, signCancel, cancel } = await setUp();
              const elsewhere = { ...domain, ...change(other) };
              const signature = await signCancel(authorization.nonce, actors.client, elsewhere);
              await expect(cancel(form, signature)).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
            });
          }

          for (const kind of KINDS) {
            it(`refuses what was signed for ${kind}WithAuthorization`, async () => {
              const { token, sign, cancel } = await setUp();
              const signature = await sign(kind);
              await expect(cancel(form, signature)).to.be.revertedWithCustomError(token, "ERC3009InvalidSignature");
            });
          }
        });

        describe("when the signature is the mirrored one (M-12)", () => {
          it("refuses it", async () => {
            const { token, signCancel, cancel } = await setUp();
            const signature = mirrored(await signCancel());
            const cancelling = expect(cancel(form, signature)).to.be;
            if (form === "bytes") await cancelling.revertedWithCustomError(token, "ERC3009InvalidSignature");
            else {
              const [, , s] = partsOf(signature);
              await cancelling.revertedWithCustomError(token, "ECDSAInvalidSignatureS").withArgs(s);
            }
          });
        });

        describe("when the nonce is gone", () => {
          it("refuses after a payment", async () => {
            const { token, authorization, sign, signCancel, pay, cancel } = await setUp();
            await pay("transfer", form, await sign("transfer"));
            await expect(cancel(form, await signCancel()))
              .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
              .withArgs(authorization.from, authorization.nonce);
          });

          for (const first of FORMS) {
            it(`refuses after a cancellation with ${first}`, async () => {
              const { token, authorization, signCancel, cancel } = await setUp();
              const signature = await signCancel();
              await cancel(first, signature);
              await expect(cancel(form, signature))
                .to.be.revertedWithCustomError(token, "ERC3009UsedAuthorization")
                .withArgs(authorization.from, authorization.nonce);
            });
          }
        });

        describe("when the authorizer is a contract", () => {
          if (form === "bytes") {
            it("cancels by what its ERC-1271 accepts", async () => {
              const { token, actors, domain, wallet, signCancel, cancel } = await setUp();
              const { from, nonce } = (await wallet()).authorization;
              await cancel(form, await signCancel(nonce, actors.client, domain, from), nonce, from);
              expect(await token.authorizationState(from, nonce)).to.equal(true);
            });

            it("refuses what its ERC-1271 accepts no more (M-12)", async () => {
              const { token, actors, domain, wallet, signCancel, cancel } = await setUp();
              const { contract, authorization } = await wallet();
              const { from, nonce } = authorization;
              const signature = await signCancel(nonce, actors.client, domain, from);
              await contract.connect(actors.client).getFunction("revoke").send();
              await expect(cancel(form, signature, nonce, from)).to.be.revertedWithCustomError(
                token,
                "ERC3009InvalidSignature",
              );
            });
          } else {
            it("refuses its owner's signature, which is not its own", async () => {
              const { token, actors, domain, wallet, signCancel, cancel } = await setUp();
              const { from, nonce } = (await wallet()).authorization;
              const signature = await signCancel(nonce, actors.client, domain, from);
              await expect(cancel(form, signature, nonce, from)).to.be.revertedWithCustomError(
                token,
                "ERC3009InvalidSignature",
              );
            });
          }
        });

        describe("when the authorizer is an account with code of its own (ERC-7702)", () => {
          it("cancels by the signature of the account's key", async () => {
            const { token, actors, other, authorization, signCancel, cancel } = await setUp();
            const signature = await signCancel();
            await networkHelpers.setCode(actors.client.address, concat(["0xef0100", other]));
            await cancel(form, signature);
            expect(await token.authorizationState(authorization.from, authorization.nonce)).to.equal(true);
          });
        });

        describe("when the authorizer signed", () => {
          it("uses up that nonce and no other, whoever sends it", async () => {
            const { token, actors, authorization, signCancel, cancel } = await setUp();
            await cancel(form, await signCancel());
            expect(await token.authorizationState(authorization.from, authorization.nonce)).to.equal(true);
            expect(await token.authorizationState(authorization.from, id("another"))).to.equal(false);
            expect(await token.authorizationState(actors.relayer.address, authorization.nonce)).to.equal(false);
          });

          it("moves nothing", async () => {
            const { token, actors, signCancel, cancel } = await setUp();
            const signature = await signCancel();
            await expect(cancel(form, signature)).to.changeTokenBalances(
              ethers,
              token,
              [actors.client, actors.provider],
              [0n, 0n],
            );
          });

          it("emits the cancellation", async () => {
            const { token, authorization, signCancel, cancel } = await setUp();
            await expect(cancel(form, await signCancel()))
              .to.emit(token, "AuthorizationCanceled")
              .withArgs(authorization.from, authorization.nonce);
          });
        });
      });
    }

    describe("DOMAIN_SEPARATOR", () => {
      it("is that of the token's own name, version 1, this chain and this contract", async () => {
        const { token, domain } = await setUp();
        expect(await token.DOMAIN_SEPARATOR()).to.equal(TypedDataEncoder.hashDomain(domain));
      });
    });

    describe("eip712Domain", () => {
      it("shows a wallet the same fields", async () => {
        const { token, domain } = await setUp();
        const [fields, domainName, version, chainId, contract, salt, extensions] = await token.eip712Domain();
        expect({ name: domainName, version, chainId, verifyingContract: contract }).to.deep.equal(domain);
        expect([fields, salt, [...extensions]]).to.deep.equal(["0x0f", ethers.ZeroHash, []]);
      });
    });
  });
}

describe("ERC3009", () => {
  behavesLikeERC3009("OctoToken", async ({ system, actors }) => {
    await system.octo.connect(actors.client).transfer(actors.treasury.address, 10_000n * OCTO - BALANCE);
    return { token: system.octo, name: "CipherOcto", other: system.addresses.tokenA };
  });

  behavesLikeERC3009("RoleToken", async ({ system, actors }) => {
    await system.octo.connect(actors.client).approve(system.addresses.engine, MaxUint256);
    await buyRoleTokens(system, actors.client, "A", BALANCE);
    return { token: system.roleTokens.A, name: "CipherOcto Compute", other: system.addresses.octo };
  });

  describe("between the tokens", () => {
    it("leaves every token a domain of its own (M-12)", async () => {
      const { system } = await loadFixture(deployed);
      const tokens = [system.octo, ...Object.values(system.roleTokens)];
      const separators = await Promise.all(tokens.map((token) => token.DOMAIN_SEPARATOR()));
      expect(new Set(separators).size).to.equal(tokens.length);
    });
  });
});
