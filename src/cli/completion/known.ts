import { HOST, type Topology } from '../../model/topology.ts';
import { readSource } from '../files.ts';
import type { Host } from '../host.ts';
import type { Io } from '../io.ts';
import { defaultFiles, nameIn } from '../targets.ts';
import type { Candidate, Known } from './complete.ts';

/** What this host and this directory know. Nothing here may fail or say anything: what cannot be read is not proposed. */
export function knownHere(io: Io, host: Host): Known {
  const sources = async (): Promise<readonly (readonly [file: string, source: Uint8Array])[]> => {
    const files = await defaultFiles(io.cwd);
    const read = files.map(async (file) =>
      readSource(file, io).then(
        (source) => [[file, source] as const],
        () => [],
      ),
    );
    return (await Promise.all(read)).flat();
  };
  const live = async (): Promise<readonly string[]> => {
    const { namespacesHere } = await import('../../kernel/enter.ts');
    return (await namespacesHere()).toSorted();
  };
  return {
    topologies: async () => {
      const recorded = (await host.recorded()).map(
        ({ name, file }): Candidate => ({ word: name, text: file === '' ? 'applied here' : file }),
      );
      const inFiles = (await sources()).flatMap(([file, source]): Candidate[] => {
        const name = nameIn(source);
        return name === undefined ? [] : [{ word: name, text: file }];
      });
      return unique([...recorded, ...inFiles]);
    },
    namespaces: async () => (await live()).map((word) => ({ word, text: word === HOST ? "the host's own namespace" : 'namespace' })),
    endpoints: async () => {
      const { loadTopology } = await import('../../topology/load.ts');
      const topologies = (await sources()).flatMap(([file, source]) => loaded(() => loadTopology(source, file)));
      const named = topologies.flatMap((topology) => [
        ...topology.namespaces.map(({ name }): Candidate => ({ word: name, text: `namespace of ${topology.name}` })),
        ...topology.links.flatMap(({ ends }) =>
          ends
            .filter(({ addresses }) => addresses.length > 0)
            .map(({ namespace, ifname, addresses }): Candidate => ({ word: `${namespace}:${ifname}`, text: addresses.join(' ') })),
        ),
      ]);
      return unique([...(await live()).map((word) => ({ word, text: word === HOST ? 'the host' : 'namespace' })), ...named]);
    },
  };
}

/** A file with faults has nothing to propose. */
function loaded(load: () => Topology): Topology[] {
  try {
    return [load()];
  } catch {
    return [];
  }
}

const unique = (candidates: readonly Candidate[]): Candidate[] =>
  [...new Map(candidates.toReversed().map((candidate) => [candidate.word, candidate])).values()].toSorted((a, b) =>
    a.word < b.word ? -1 : 1,
  );
