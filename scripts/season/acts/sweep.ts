import type { Act } from "../stage.ts";

/** Anyone sends the accrued fees on: to the treasury, to the voters, into the fire. */
export const sweep: Act = {
  title: "The fees are swept",
  async play(stage) {
    await stage.send("relayer sweeps the fees", stage.system.settlement.connect(stage.player("relayer")).sweep());
  },
};
