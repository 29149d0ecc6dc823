import { task } from "hardhat/config";

import { guarded } from "../lib/guard.ts";
import type { Session } from "../lib/session.ts";

type Argument = { name: string; description: string; defaultValue?: string };

/** What a command is given, by name; an option that is left out has its default. */
export type Arguments = Record<string, string>;

/** A command that deals with a deployed suite. */
export type Command = {
  name: readonly string[];
  description: string;
  /** What is named in a row after the command. */
  takes?: readonly Argument[];
  options?: readonly (Argument & { defaultValue: string })[];
  /** Loads what the command does. */
  load: () => Promise<(session: Session, args: Arguments) => Promise<void>>;
};

const ACCOUNT = {
  name: "account",
  description: "Who acts: the number of one of the network's accounts, or its address",
  defaultValue: "",
};

/** `npx hardhat octo <name>`: opens the suite of --network, or of the local node, and runs the command. */
export function commandTask({ name, description, takes = [], options = [], load }: Command) {
  let builder = task(["octo", ...name], description);
  for (const argument of takes) builder = builder.addPositionalArgument(argument) as typeof builder;
  for (const option of [...options, ACCOUNT]) builder = builder.addOption(option) as typeof builder;
  return builder
    .setAction(async () => ({
      default: (args: Arguments, hre) =>
        guarded(async () => {
          const { Session } = await import("../lib/session.ts");
          const session = await Session.open(hre, args["account"]!);
          try {
            await (
              await load()
            )(session, args);
          } finally {
            await session.close();
          }
        }),
    }))
    .build();
}
