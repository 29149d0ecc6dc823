import { emptyTask, task } from "hardhat/config";

import { marketTasks } from "./market.ts";

// The command line: `npx hardhat octo ...`. A task says what it does; the work is done in the folder of its subject.
export const octoTasks = [
  emptyTask("octo", "Deploys, drives and measures the CipherOcto suite").build(),
  task(["octo", "season"], "Plays a season of the economy on an in-process chain and accounts for every wei")
    .addOption({ name: "scenario", description: "Path of another scenario file", defaultValue: "" })
    .setAction(() => import("./season.ts"))
    .build(),
  task(["octo", "node"], "Serves the deployed suite on 127.0.0.1 for wallets and scripts")
    .addOption({ name: "port", description: "Port to listen on", defaultValue: "8545" })
    .addOption({
      name: "addresses",
      description: "File for the addresses; out/node.json if left out",
      defaultValue: "",
    })
    .setAction(() => import("./node.ts"))
    .build(),
  task(["octo", "deploy"], "Deploys the suite to the network named with --network; an interrupted run resumes")
    .setAction(() => import("./deploy.ts"))
    .build(),
  task(
    ["octo", "simulate"],
    "Plays years of the economy on an in-process chain, checks every epoch and writes a report",
  )
    .addOption({ name: "seed", description: "Number that decides what is left to chance", defaultValue: "8183" })
    .addOption({ name: "years", description: "How many years, of 52 epochs each", defaultValue: "10" })
    .addOption({
      name: "out",
      description: "Folder for the report, the series and the charts",
      defaultValue: "out/simulation",
    })
    .addOption({ name: "charts", description: "Folder for the charts of the documents, too", defaultValue: "" })
    .addOption({ name: "scenario", description: "Path of another scenario file", defaultValue: "" })
    .setAction(() => import("./simulate.ts"))
    .build(),
  task(["octo", "gas"], "Measures the gas of every user action and writes snapshots/gas.json")
    .addFlag({ name: "check", description: "Compare with the committed figures instead of writing them" })
    .setAction(() => import("./gas.ts"))
    .build(),
  ...marketTasks,
];
