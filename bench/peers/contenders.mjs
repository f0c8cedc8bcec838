// How other tools make and unmake what netloom makes and unmakes: (size) → (tools, write) → the steps of a contender (see inside.mjs).
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { cniNetwork, interfaces } from './inputs.mjs';

/** Makes all that is written to /etc the sandbox's own. What /etc shows by further mounts (/etc/netns) is not needed by who asks for this. */
const OWN_ETC = `
mkdir -p /run/own-etc/upper /run/own-etc/work
mount -n -t overlay -o lowerdir=/etc,upperdir=/run/own-etc/upper,workdir=/run/own-etc/work overlay /etc
`;

/** The CNI plugin `bridge` with `host-local`: ADD, CHECK and DEL of each namespace. */
export const cni =
  (size) =>
  ({ plugins, root }, write) => {
    const network = write(cniNetwork('/run/netloom-bench-cni/leases'));
    const phase = (name, action) => ({
      phase: name,
      argv: ['bash', join(root, 'bench/peers/cni.sh'), action, plugins, network, `${size}`],
      memory: false,
    });
    return { steps: [phase('apply', 'up'), phase('plan', 'check'), phase('edit', 'add'), { ...phase('destroy', 'down'), until: 'gone' }] };
  };

/** dockerd is started before anything is measured; what it and its containers take counts. */
export const docker =
  (size) =>
  ({ root }) => {
    const cgroup = `netloom-bench-${process.pid}`;
    const phase = (name, action) => ({
      phase: name,
      argv: ['bash', join(root, 'bench/peers/docker.sh'), action, `${size}`],
      memory: false,
    });
    return {
      steps: [
        { prepare: ['sh', '-ec', OWN_ETC] },
        { serve: ['bash', join(root, 'bench/peers/dockerd.sh'), `/${cgroup}`] },
        { ...phase('apply', 'up'), usable: ['ping', '-c', '1', '-W', '1', '-q', '172.30.0.2'] },
        phase('edit', 'add'),
        { ...phase('destroy', 'down'), until: 'gone' },
      ],
      // Control groups are the only thing of Docker's that no sandbox holds.
      cleanUp: () => removeControlGroups(cgroup),
    };
  };

/** `ifup -a` for a change, `ifquery --check -a` for a look. */
export const ifupdown2 = (size) => (_tools, write) => {
  const [file, edited] = [write(interfaces(size)), write(interfaces(size, true))];
  // Its lock is in a directory that only its service makes, its state in one of the machine's own. What other packages (bridge-utils) have run for each
  // interface is not its work.
  const own = `${OWN_ETC}
mkdir -p /run/network
sed -i 's#^state_dir=.*#state_dir=/run/ifupdown2/#' /etc/network/ifupdown2/ifupdown2.conf
for scripts in /etc/network/if-*.d; do [ ! -d "$scripts" ] || mount -n -t tmpfs tmpfs "$scripts"; done
`;
  return {
    steps: [
      { prepare: ['sh', '-ec', own] },
      { phase: 'apply', argv: ['ifup', '-a', '-i', file] },
      { phase: 'plan', argv: ['ifquery', '--check', '-a', '-i', file] },
      { phase: 'again', argv: ['ifup', '-a', '-i', file] },
      { phase: 'edit', argv: ['ifup', '-a', '-i', edited] },
      { phase: 'destroy', argv: ['ifdown', '-a', '-i', edited], until: 'gone' },
    ],
  };
};

export const mininet =
  (size) =>
  ({ python, root }) => ({
    steps: [
      { serve: [python, join(root, 'bench/peers/mininet_star.py'), `${size}`] },
      { phase: 'apply', tell: 'up' },
      { phase: 'destroy', tell: 'down', until: 'gone' },
    ],
  });

/** Removes the groups of this name, and what is in them, from every hierarchy of control groups; they are empty, or about to be. */
function removeControlGroups(name) {
  const root = '/sys/fs/cgroup';
  if (!existsSync(root)) return;
  const hierarchies = readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [join(root, entry.name)] : []));
  for (const path of [root, ...hierarchies].map((one) => join(one, name))) {
    for (let attempts = 0; !removeGroup(path) && attempts < 50; attempts += 1)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}

/** Whether nothing is there any more. */
function removeGroup(path) {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true })) if (entry.isDirectory()) removeGroup(join(path, entry.name));
    rmdirSync(path);
    return true;
  } catch (error) {
    return error.code === 'ENOENT';
  }
}
