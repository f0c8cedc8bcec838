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
  // Distributions install Mininet for their own Python, which need not be the first in PATH.
  const python = ['/usr/bin/python3', 'python3'].find((one) => runs(one, '-c', 'import mininet.net'));
  const missing = {
    netloom: undefined,
    shell: has('star.sh') ? undefined : `no star.sh in ${BASELINES}`,
    floor: !has('floor.c')
      ? `no floor.c in ${BASELINES}`
      : runs('gcc', '-O2', '-w', '-o', floor, join(BASELINES, 'floor.c'))
        ? undefined
        : 'gcc does not build it',
    mininet: whyNoMininet(python),
  };
  const tools = { baseline: (name) => join(BASELINES, name), floor, python };
  return { missing, tools };
}

function whyNoMininet(python) {
  if (!has('mininet_star.py')) return `no mininet_star.py in ${BASELINES}`;
  if (python === undefined) return 'not installed';
  // Its LinuxBridge is made by brctl.
  return runs('brctl', '--version') ? undefined : 'brctl is not installed (bridge-utils)';
}

/** Other tools that make networks, which this benchmark does not drive; by name. */
export const others = () =>
  Object.fromEntries(
    Object.entries({
      'CNI plugins': ['/opt/cni/bin/bridge', '/usr/lib/cni/bridge'],
      Docker: ['/usr/bin/dockerd', '/usr/sbin/dockerd'],
      ifupdown2: ['/usr/share/ifupdown2/__main__.py'],
    }).map(([name, paths]) => [name, paths.some((path) => existsSync(path)) ? 'installed, not measured' : 'not installed']),
  );
