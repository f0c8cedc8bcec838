// What is measured against: programs that may be there or not.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scripts/setup.mjs';

/** Where star.sh and floor.c are. */
export const BASELINES = process.env.NETLOOM_BENCH_BASELINES ?? join(ROOT, '..', 'shared', 'bench');

const NOT_INSTALLED = 'not installed';
/** Where the CNI plugins are: upstream's place, and Debian's. */
const PLUGINS = ['/opt/cni/bin', '/usr/lib/cni'];

const isRoot = process.getuid?.() === 0;
const runs = (...argv) => spawnSync(argv[0], argv.slice(1), { stdio: 'ignore' }).status === 0;
const has = (name) => existsSync(join(BASELINES, name));

/** Each contender with why it cannot take part, or undefined where it can. Builds the floor into `work`. */
export function contenders(work) {
  const floor = join(work, 'floor');
  // Distributions install Mininet for their own Python, which need not be the first in PATH.
  const python = ['/usr/bin/python3', 'python3'].find((one) => runs(one, '-c', 'import mininet.net'));
  const plugins = PLUGINS.find((folder) => ['bridge', 'host-local'].every((name) => existsSync(join(folder, name))));
  const missing = {
    netloom: undefined,
    shell: has('star.sh') ? undefined : `no star.sh in ${BASELINES}`,
    floor: !has('floor.c')
      ? `no floor.c in ${BASELINES}`
      : runs('gcc', '-O2', '-w', '-o', floor, join(BASELINES, 'floor.c'))
        ? undefined
        : 'gcc does not build it',
    mininet: whyNoMininet(python),
    cni: plugins === undefined ? NOT_INSTALLED : undefined,
    docker: whyNoDocker(),
    ifupdown2: whyNoIfupdown2(),
  };
  const tools = { baseline: (name) => join(BASELINES, name), floor, python, plugins };
  return { missing, tools };
}

function whyNoMininet(python) {
  if (python === undefined) return NOT_INSTALLED;
  // Its LinuxBridge is made by brctl.
  return runs('brctl', '--version') ? undefined : 'brctl is not installed (bridge-utils)';
}

function whyNoIfupdown2() {
  if (!existsSync('/usr/share/ifupdown2/__main__.py')) return NOT_INSTALLED;
  // It writes to /etc, which a sandbox of an ordinary user's does not let it.
  return isRoot ? undefined : 'ifupdown2 wants root';
}

function whyNoDocker() {
  if (!runs('dockerd', '--version') || !runs('docker', '--version')) return NOT_INSTALLED;
  if (!isRoot) return 'dockerd wants root';
  if (!runs('busybox', 'true')) return 'busybox, of which its image is made, is not installed (busybox-static)';
  return runs('sh', '-c', 'ldd "$(command -v busybox)"')
    ? 'busybox, of which its image is made, is not static (busybox-static)'
    : undefined;
}
