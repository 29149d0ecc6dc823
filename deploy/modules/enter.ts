import type { ArgumentType, ContractFuture, IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";

type Enter = {
  proxy: ContractFuture<string>;
  manager: ContractFuture<string>;
  args: ArgumentType[];
};

/** Deploys an implementation, lets it enter its door initialised, and returns the contract at the door's address. */
export function enter<Name extends string>(m: IgnitionModuleBuilder, name: Name, { proxy, manager, args }: Enter) {
  const implementation = m.contract(name, args, { id: `${name}Implementation` });
  const door = m.contractAt("Door", proxy, { id: `${name}Door` });
  const initialize = m.encodeFunctionCall(implementation, "initialize", [manager], { id: `${name}Initialize` });
  const entered = m.call(door, "upgradeToAndCall", [implementation, initialize], { id: `${name}Enter` });

  return m.contractAt(name, proxy, { id: name, after: [entered] });
}
