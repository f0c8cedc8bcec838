import type { Docker } from '../../support/docker.ts';
import { run } from '../../support/sandbox.ts';

/** A bridge network's options, and its members in the order of their addresses: ways to publish, as `docker run -p` takes them. */
interface Network {
  readonly bridge: string;
  readonly ipv4: string;
  readonly ipv6?: string;
  readonly options: readonly string[];
  readonly members: Readonly<Record<string, readonly string[]>>;
}

/** The same lab as far as Docker has words for it: same bridges, same addresses, same published ports. */
const NETWORKS: readonly Network[] = [
  {
    bridge: 'br-a',
    ipv4: '172.31.1',
    ipv6: 'fd31:1:',
    options: [],
    members: {
      web: [
        '8080:80',
        '8086:86',
        '5353:53/udp',
        '5386:86/udp',
        '127.0.0.1:8443:443',
        '192.0.2.1:8081:81',
        '9000-9002:9100-9102',
        '[fd00:aa::1]:8083:80',
      ],
      peer: [],
      rogue: [],
    },
  },
  {
    bridge: 'br-quiet',
    ipv4: '172.31.2',
    ipv6: 'fd31:2:',
    options: ['-o', 'com.docker.network.bridge.enable_icc=false'],
    members: { q1: ['8090:80'], q2: [] },
  },
  { bridge: 'br-inner', ipv4: '172.31.3', options: ['--internal'], members: { in1: [], in2: [] } },
  {
    bridge: 'br-plain',
    ipv4: '172.31.4',
    ipv6: 'fd31:4:',
    options: ['-o', 'com.docker.network.bridge.enable_ip_masquerade=false'],
    members: { plain: ['8091:80'] },
  },
  { bridge: 'br-db', ipv4: '172.31.6', ipv6: 'fd31:6:', options: [], members: { db: [] } },
];

/** Each container's namespace gets its name, so that probes find it where they find netloom's. */
export async function buildWithDocker({ docker }: Docker): Promise<void> {
  for (const { bridge, ipv4, ipv6, options, members } of NETWORKS) {
    const subnets = [[`${ipv4}.0/24`, `${ipv4}.1`], ...(ipv6 === undefined ? [] : [[`${ipv6}:/64`, `${ipv6}:1`]])];
    await docker(
      ...['network', 'create', '-o', `com.docker.network.bridge.name=${bridge}`, ...options, ...(ipv6 === undefined ? [] : ['--ipv6'])],
      ...subnets.flatMap(([subnet = '', gateway = '']) => ['--subnet', subnet, '--gateway', gateway]),
      bridge,
    );
    for (const [index, [name, publish]] of Object.entries(members).entries()) {
      await docker(
        ...['run', '-d', '--name', name, '--network', bridge, '--ip', `${ipv4}.${index + 2}`],
        ...(ipv6 === undefined ? [] : ['--ip6', `${ipv6}:${index + 2}`]),
        ...publish.flatMap((port) => ['-p', port]),
        ...['busybox', 'sleep', '3600'],
      );
      await run('ip', 'netns', 'attach', name, await docker('inspect', '--format', '{{.State.Pid}}', name));
    }
  }
}
