import Table from "cli-table3";
import pc from "picocolors";

/** Begins a part of what is printed. */
export function heading(text: string): void {
  console.log(`\n${pc.bold(text)}`);
}

/** A table whose first columns are texts and whose others are figures. */
export function table(head: string[], texts: number): InstanceType<typeof Table> {
  return new Table({
    head,
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, index) => (index < texts ? "left" : "right")),
  });
}

/** A statement, and whether it holds. */
export function verdict(holds: boolean, text: string): string {
  return `  ${holds ? pc.green("✓") : pc.red("✗")} ${text}`;
}
