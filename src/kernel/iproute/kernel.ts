import type { Kernel } from '../../model/kernel.ts';
import { createPrograms, type ProgramsOptions } from '../program.ts';
import { dump } from './read/dump.ts';
import { readFacts } from './read/facts.ts';
import { run } from './write/run.ts';

/**
 * The kernel of the host that this process runs on, by way of iproute2 (6.1 or later), nft (1.0.6 or later), nsenter and mount of
 * util-linux, and perl, which sends rtnetlink requests in namespaces (see docs/architecture.md, "Processes"). It keeps no state of its own. `onSpawn` sees every program that this process starts.
 */
export function createIprouteKernel(options: ProgramsOptions = {}): Kernel {
  const programs = createPrograms(options);
  return {
    facts: async () => readFacts(),
    dump: (scope, signal) => dump(programs, scope, signal),
    run: (operations, runOptions) => run(programs, operations, runOptions),
  };
}
