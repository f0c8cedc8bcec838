import { TopologyError } from '../../model/errors.ts';
import type { Topology } from '../../model/topology.ts';
import type { Imported, Omission } from '../../model/written.ts';
import { partAt, withoutPart, writeTopology } from '../../render/written/yaml.ts';
import { loadTopology } from '../../topology/load.ts';

/** A file that loads, and what is not in it. */
export interface Settled {
  readonly text: string;
  readonly topology: Topology;
  readonly omissions: readonly Omission[];
}

/**
 * Writes what was imported. A host may hold what no topology may (overlapping networks, names too odd): of that the loader says what is wrong,
 * and it is left out with what the loader said. `file`: what positions in messages are to name.
 */
export function settle({ topology, omissions, remarks }: Imported, head: (omitted: number) => readonly string[], file: string): Settled {
  let written = topology;
  const all = [...omissions];
  for (;;) {
    const text = writeTopology(written, all, [...head(all.length), ...remarks]);
    try {
      return { text, topology: loadTopology(text, file), omissions: all };
    } catch (error) {
      if (!(error instanceof TopologyError)) throw error;
      const [fault] = error.faults;
      const part = fault && partAt(error.source, fault.origin.line, fault.origin.column);
      // What cannot be left out is our own mistake.
      if (fault === undefined || part === undefined) throw error;
      const next = withoutPart(written, part);
      if (JSON.stringify(next) === JSON.stringify(written)) throw error;
      written = next;
      all.push({
        path: part.slice(0, part[0] === 'links' ? 1 : 2),
        code: 'W_IMPORT_OMITTED',
        message: `${part.join('.')}: ${fault.message}`,
        ...(fault.hint === undefined ? {} : { hint: fault.hint }),
      });
    }
  }
}
