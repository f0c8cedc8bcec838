// What is measured against: programs that may be there or not.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scripts/setup.mjs';

/** star.sh, floor.c and mininet_star.py. */
export const BASELINES = process.env.NETLOOM_BENCH_BASELINES ?? join(ROOT, '..', 'shared', 'bench');

const runs = (...argv) => spawnSync(argv[0], argv.slice(1), { stdio: 'ignore' }).status === 0;
const has = (name) => existsSync(join(BASELINES, name));

/** Each contender with why it cannot take part, or undefined where it can. Builds the floor into `work`. */
export function contenders(work) {
  const floor = join(work, 'floor');
  const missing = {
    netloom: undefined,
    shell: has('star.sh') ? undefined : `no star.sh in ${BASELINES}`,
    floor: !has('floor.c')
      ? `no floor.c in ${BASELINES}`
      : runs('gcc', '-O2', '-w', '-o', floor, join(BASELINES, 'floor.c'))
        ? undefined
        : 'gcc does not build it',
    mininet: !has('mininet_star.py')
      ? `no mininet_star.py in ${BASELINES}`
      : runs('python3', '-c', 'import mininet.net')
        ? undefined
        : 'not installed',
  };
  const tools = { baseline: (name) => join(BASELINES, name), floor };
  return { missing, tools };
}

/** Peers of the list that this benchmark cannot drive here, by name. */
export const others = () =>
  Object.fromEntries(
    Object.entries({
      'CNI plugins': ['/opt/cni/bin/bridge', '/usr/lib/cni/bridge'],
      Docker: ['/usr/bin/dockerd', '/usr/sbin/dockerd'],
      ifupdown2: ['/usr/share/ifupdown2/__main__.py'],
    }).map(([name, paths]) => [name, paths.some((path) => existsSync(path)) ? 'installed, not measured' : 'not installed']),
  );
