import { readdirSync, readFileSync } from 'node:fs';
import type { Topology } from '../../../src/model/topology.ts';
import { loadTopology } from '../../../src/topology/load.ts';
import { run, shell } from '../sandbox.ts';

const FOLDER = new URL('../../../topologies/', import.meta.url);

/** Somebody's namespace that has no name in /run/netns, in place of a container's. */
export const CONTAINER = '/run/lab/by-hand';

/**
 * The files of topologies/, small ones first, as one topology that changes: all under the name `cut`, and attached to CONTAINER where one
 * wants a container.
 */
export const asOneTopology = (): Topology[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => {
      const text = readFileSync(new URL(file, FOLDER), 'utf8');
      return loadTopology(text.replace(/^name: .*/m, 'name: cut').replace('{ container: by-hand }', `{ path: ${CONTAINER} }`), file);
    })
    .sort((a, b) => a.links.length - b.links.length);

export const makeContainer = (): Promise<string> => shell(`mkdir -p /run/lab; touch ${CONTAINER}; unshare --net=${CONTAINER} true`);

/** What is in it, which is nothing but lo as long as netloom has not put something there. */
export const insideContainer = (): Promise<string> =>
  run(
    'nsenter',
    `--net=${CONTAINER}`,
    'sh',
    '-c',
    'ip -o -N addr; ip -N route show table all; nft list ruleset; ls /proc/sys/net/ipv4/conf',
  );
