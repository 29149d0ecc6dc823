import Table from "cli-table3";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { build } from "../lib/build.ts";
import { guarded } from "../lib/guard.ts";

const action: NewTaskActionFunction<{ check: boolean }> = ({ check }, hre) =>
  guarded(async () => {
    await build(hre);
    const { measureAll } = await import("../gas/measure.ts");
    const { measureCrowd } = await import("../gas/crowd.ts");
    const { measureGrown } = await import("../gas/grown.ts");
    const { checkFigures, writeFigures } = await import("../gas/figures.ts");
    const { floorOf } = await import("../gas/floors.ts");

    console.log("Measuring every user action ...");
    const figures = await measureAll(hre);
    const table = new Table({ head: ["action", "gas", "floor"], style: { head: [], border: [] } });
    for (const [name, { gas, data }] of figures) table.push([name, gas, floorOf(name, data)?.gas ?? ""]);
    console.log(table.toString());

    console.log("Measuring again with 1, 100 and 1,000 open exits, delegators and past slashes ...");
    const grown = [await measureGrown(hre)];
    console.log("Measuring again with 10 and 10,000 agents and jobs ...");
    grown.push(await measureCrowd(hre));
    for (const [name, gas] of grown.flatMap(({ figures: at }) => [...at])) console.log(`${name}: ${gas.join(", ")}`);

    if (check) checkFigures(figures, grown);
    else writeFigures(figures, grown);
    console.log(
      check ? "The committed figures are what is measured." : "Written to snapshots/gas.json and docs/gas.md.",
    );
  });

export default action;
