// How the contracts are compiled. Hardhat compiles each file that has settings of its own by itself, with all that it
// imports, and leaves one processor idle. So a contract that another one inherits or creates would be compiled over and
// over, and on a machine with two processors one of them would do it all.

import { availableParallelism } from "node:os";

import type { SolcSolidityCompilerUserConfig } from "hardhat/types/config";
import type { ConfigHooks, SolidityHooks } from "hardhat/types/hooks";
import type { HardhatPlugin } from "hardhat/types/plugins";
import type { CompilerOutputError } from "hardhat/types/solidity";

/** Files that are compiled together, and how. */
export interface Job {
  files: string[];
  settings: SolcSolidityCompilerUserConfig;
}

/** The jobs as Hardhat's config has them: settings by file. */
export function overridesOf(jobs: readonly Job[]): Record<string, SolcSolidityCompilerUserConfig> {
  return Object.fromEntries(jobs.flatMap(({ files, settings }) => files.map((file) => [file, settings])));
}

/** What the compiler warns of in a package is not ours to mend, and would hide what it warns of here. */
function isOfPackage({ formattedMessage = "" }: CompilerOutputError): boolean {
  return /^ *--> (\.\/)?node_modules\//m.test(formattedMessage);
}

/** Compiles the files of a job together, and as many jobs at a time as there are processors. */
export function compilation(jobs: readonly Job[]): HardhatPlugin {
  const config: Partial<ConfigHooks> = {
    async resolveUserConfig(userConfig, resolveConfigurationVariable, next) {
      const resolved = await next(userConfig, resolveConfigurationVariable);
      for (const { overrides } of Object.values(resolved.solidity.profiles)) {
        for (const { files } of jobs) {
          const shared = overrides[files[0]!];
          // Hardhat compiles together what has the same settings, and compares them by reference.
          if (shared !== undefined) for (const file of files) overrides[file] = shared;
        }
      }
      return resolved;
    },
  };
  const solidity: Partial<SolidityHooks> = {
    build: (context, files, options, next) => next(context, files, { concurrency: availableParallelism(), ...options }),
    getCompilationJobErrors: async (context, job, output, next) =>
      (await next(context, job, output)).filter((error) => error.severity === "error" || !isOfPackage(error)),
  };
  return {
    id: "cipherocto-compilation",
    hookHandlers: {
      config: async () => ({ default: async () => config }),
      solidity: async () => ({ default: async () => solidity }),
    },
  };
}
