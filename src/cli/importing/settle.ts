import { TopologyError } from '../../model/errors.ts';
import { HOST, type Topology } from '../../model/topology.ts';
import type { Imported, Omission, WrittenLink, WrittenTopology } from '../../model/written.ts';
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
 * and it is left out with what the loader said, and with it the namespaces whose links they are: without it they would be changed when they are
 * taken over. `file`: what positions in messages are to name.
 */
export function settle(
  { topology, omissions, remarks }: Imported,
  head: (written: WrittenTopology, omitted: number) => readonly string[],
  file: string,
): Settled {
  let written = topology;
  const all = [...omissions];
  for (;;) {
    const text = writeTopology(written, all, [...head(written, all.length), ...remarks]);
    try {
      return { text, topology: loadTopology(text, file), omissions: all };
    } catch (error) {
      if (!(error instanceof TopologyError)) throw error;
      const [fault] = error.faults;
      const part = fault && partAt(error.source, fault.origin.line, fault.origin.column);
      // What cannot be left out is our own mistake.
      if (fault === undefined || part === undefined) throw error;
      const [section = '', index] = part;
      const link = section === 'links' ? written.links[Number(index)] : undefined;
      const without = withoutPart(written, part);
      if (JSON.stringify(without) === JSON.stringify(written)) throw error;
      const named = link === undefined ? part.join(' ') : `the link ${endsOf(link).join(', ')}`;
      all.push(omission(section, `${named}: ${fault.message}`, fault.hint));
      written = without;
      for (const namespace of link === undefined ? [] : namespacesOf(link)) {
        if (written.namespaces[namespace] === undefined) continue;
        written = withoutPart(written, ['namespaces', namespace]);
        all.push(omission('namespaces', `${namespace}, which would not keep its routes without that link`));
      }
    }
  }
}

const omission = (section: string | number, message: string, hint?: string): Omission => ({
  path: [section],
  code: 'W_IMPORT_OMITTED',
  message,
  ...(hint === undefined ? {} : { hint }),
});

const endsOf = ({ ends }: WrittenLink): string[] => ends.map((end) => (typeof end === 'string' ? end : end.at));

const namespacesOf = (link: WrittenLink): string[] =>
  endsOf(link).flatMap((at) => {
    const [namespace = '', ifname] = at.split(':');
    return ifname === undefined || namespace === HOST ? [] : [namespace];
  });
