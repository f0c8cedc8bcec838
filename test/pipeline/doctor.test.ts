import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { devicesOfNetworkManager, isManagedByNetworkd } from '../../src/kernel/doctor/managers.ts';
import { sharingOf } from '../../src/kernel/doctor/places.ts';
import { PROGRAMS, versionIn } from '../../src/kernel/doctor/programs.ts';
import { failuresIn } from '../../src/kernel/doctor/trial.ts';
import { isInstalled } from '../../src/kernel/program.ts';
import type { Examination, Finding } from '../../src/model/health.ts';
import { DOOMED_GROUP, LINK_GROUP } from '../../src/model/marks.ts';
import type { LinkState, Snapshot } from '../../src/model/snapshot.ts';
import { diagnose, type Evidence } from '../../src/pipeline/doctor/diagnose.ts';
import { isOlder } from '../../src/pipeline/doctor/tools.ts';
import { findingsJson, renderFindings, renderReadiness } from '../../src/render/doctor.ts';
import { PLAIN } from '../../src/render/style.ts';
import { snapshotOf } from '../support/snapshot.ts';

const EXAMINATION: Examination = {
  programs: [{ name: 'ip', package: 'iproute2', use: 'links', need: 'always', least: '6.1', installed: true, version: '6.1.0' }],
  release: '6.1.0-13-amd64',
  missingCapabilities: [],
  trial: { possible: true, features: [{ name: 'bridges', option: 'CONFIG_BRIDGE', module: 'bridge', works: true }] },
  places: [{ path: '/run/netns', use: 'names', exists: true }],
  settings: new Map([['net/ipv4/ip_forward', '1']]),
  settable: true,
  managers: [],
};

const port = (ifname: string, group: number, altnames: readonly string[] = []): LinkState => ({
  ifindex: 7,
  ifname,
  kind: 'veth',
  up: true,
  carrier: true,
  mtu: 1500,
  mac: '',
  group,
  altnames,
  alias: '',
  addresses: [],
});

function snapshotWith(links: readonly LinkState[] = [], more: Partial<Snapshot> = {}): Snapshot {
  return snapshotOf([{ name: 'host', inode: '4:1', links, routes: [], sysctls: new Map() }], {
    filters: { dockerUser: {}, drops: [], translations: [], hooks: [] },
    ...more,
  });
}

const found = (examination: Partial<Examination> = {}, evidence: Partial<Evidence> = {}): readonly Finding[] =>
  diagnose({
    examination: { ...EXAMINATION, ...examination },
    snapshot: snapshotWith(),
    log: { path: '', entries: [], damaged: 0 },
    confirmations: {},
    plans: [],
    ...evidence,
  });

/** What is not right, in one line each. */
const wrong = (findings: readonly Finding[]): string[] =>
  findings.flatMap((one) =>
    one.verdict === 'ok' ? [] : [`${one.verdict} ${one.group} ${one.subject}: ${one.message} (${one.code}) | ${one.fix}`],
  );

test('doctor: a host that has everything is ready, and says what was looked at', () => {
  expect(wrong(found())).toEqual([]);
  expect(findingsJson(found()).ready).toBe(true);
});

const [ip] = EXAMINATION.programs;
const place = { path: '/etc/netns', use: 'hosts files', exists: true };

test.each<[string, Partial<Examination>, RegExp]>([
  [
    'a missing program',
    { programs: [{ ...(ip as NonNullable<typeof ip>), installed: false }] },
    /^failed programs ip: not installed; .*\(E_PROGRAM\) \| apt-get install iproute2$/,
  ],
  [
    'an old program',
    { programs: [{ ...(ip as NonNullable<typeof ip>), version: '5.10' }] },
    /^failed programs ip: 5\.10 is older than 6\.1.*\(E_VERSION\)/,
  ],
  ['a program that few need', { programs: [{ name: 'git', package: 'git', use: 'x', need: 'seldom', installed: false }] }, /^$/],
  [
    'a program that many need',
    { programs: [{ name: 'ping', package: 'iputils-ping', use: 'checks', need: 'mostly', installed: false }] },
    /^warning programs ping: .*\(W_PROGRAM\) \| apt-get install iputils-ping$/,
  ],
  ['an old kernel', { release: '5.15.0-91-generic' }, /^failed kernel Linux: 5\.15\.0-91-generic is older than 6\.1/],
  [
    'a kernel without bridges',
    {
      trial: {
        possible: true,
        features: [{ name: 'bridges', option: 'CONFIG_BRIDGE', module: 'bridge', works: false, reason: 'Unknown device type' }],
      },
    },
    /E_KERNEL_FEATURE\) \| modprobe bridge; where there is no such module: a kernel with CONFIG_BRIDGE/,
  ],
  [
    'a kernel without IPv6',
    { trial: { possible: true, features: [{ name: 'IPv6', option: 'CONFIG_IPV6', works: false }] } },
    /^warning kernel IPv6: .*\(W_NO_IPV6\)/,
  ],
  [
    'no sandbox',
    { trial: { possible: false, reason: 'Operation not permitted', hint: 'run as root' } },
    /^failed kernel sandbox: .*\(E_SANDBOX\) \| run as root$/,
  ],
  ['no privileges', { missingCapabilities: ['CAP_NET_ADMIN'] }, /^failed privileges apply: .*CAP_NET_ADMIN \(E_PRIVILEGE\)/],
  [
    'no sandbox for others',
    { userSandbox: { reason: 'no', hint: 'sysctl x' } },
    /^warning privileges sandbox: .*\(W_USER_SANDBOX\) \| sysctl x$/,
  ],
  [
    'a symbolic link',
    { places: [{ ...place, obstacle: { path: '/etc/netns', what: 'a symbolic link' } }] },
    /^failed files \/etc\/netns: .*\(E_DIRECTORY\) \| .*mv \/etc\/netns/,
  ],
  [
    "another user's directory",
    { places: [{ ...place, obstacle: { path: '/etc/netns', what: 'a directory of another user (uid 7)' } }] },
    /chown root:root \/etc\/netns$/,
  ],
  [
    'a directory open to all',
    { places: [{ ...place, obstacle: { path: '/etc/netns', what: 'a directory that everybody may write to' } }] },
    /chmod o-w \/etc\/netns$/,
  ],
  ['a full disk', { places: [{ ...place, unwritable: 'ENOSPC' }] }, /there is no room left \(E_DIRECTORY\) \| make room: df/],
  [
    'names that others do not see',
    { places: [{ ...place, shared: false }] },
    /^warning files .*\(W_NOT_SHARED\) \| mount --make-shared \/etc\/netns$/,
  ],
  ['settings that cannot be written', { settings: new Map([['net/ipv4/ip_forward', '0']]), settable: false }, /\(E_SYSCTL_READONLY\)/],
  [
    'a strict filter',
    { settings: new Map([['net/ipv4/conf/all/rp_filter', '1']]) },
    /\(W_RP_FILTER\) \| .*sysctl -w net\.ipv4\.conf\.all\.rp_filter=2$/,
  ],
  [
    'few neighbours',
    { settings: new Map([['net/ipv4/neigh/default/gc_thresh3', '128']]) },
    /only 128 neighbours.*\(W_NEIGHBOURS\) \| sysctl -w net\.ipv4\.neigh\.default\.gc_thresh3=4096$/,
  ],
  [
    'NetworkManager',
    { managers: [{ service: 'NetworkManager', devices: ['br-web'] }] },
    /\(W_MANAGED\) \| nmcli device set br-web managed no$/,
  ],
  [
    'systemd-networkd',
    { managers: [{ service: 'systemd-networkd', devices: ['br-web'] }] },
    /\(W_MANAGED\) \| printf .*Name=br-web.*networkctl reload$/,
  ],
  ['somebody at work', { lockedBy: 'process 7' }, /^warning leftovers lock: this host is being changed by process 7 \(W_LOCKED\)/],
])('doctor: %s', (_, examination, line) => {
  expect(wrong(found(examination)).join('\n')).toMatch(line);
});

test('doctor: what is in the way of every topology stands with other firewalls and settings, once', () => {
  const sample = {
    blockers: [
      { code: 'E_FORWARD_DROPPED', message: 'chain FORWARD drops', hint: 'iptables -I' },
      { code: 'E_SUBNET_OVERLAP', message: 'only the sample', hint: '' },
    ],
    warnings: [{ code: 'W_NO_RESOLVER', message: 'none', hint: 'write them' }],
  };
  expect(wrong(found({}, { sample }))).toEqual([
    'failed firewalls every topology: chain FORWARD drops (E_FORWARD_DROPPED) | iptables -I',
    'warning settings every topology: none (W_NO_RESOLVER) | write them',
  ]);
});

test('doctor: what killed runs have left is found, unless somebody is at work', () => {
  const links = [
    port('vx', LINK_GROUP),
    port('vy', DOOMED_GROUP, ['netloom:shop:web01:eth0']),
    port('vz', LINK_GROUP, ['netloom:shop:web02:eth0']),
  ];
  const snapshot = snapshotWith(links, {
    names: new Map([
      ['web01', undefined],
      ['other', undefined],
    ]),
    files: new Map([
      ['/etc/netns/web01/hosts', '# netloom:shop hosts of web01\n'],
      ['/etc/netns/.netloom-shop.web02.hosts', ''],
    ]),
  });
  expect(wrong(found({}, { snapshot })).map((line) => line.replace(/ \| .*/, ''))).toEqual([
    'warning leftovers web01: /run/netns/web01 of the topology shop is a name without a namespace (W_LEFTOVER)',
    'warning leftovers vx: vx was made by a netloom that was killed before it had marked it (W_LEFTOVER)',
    'warning leftovers vy: vy was about to be removed (W_LEFTOVER)',
    'warning leftovers /etc/netns/.netloom-shop.web02.hosts: a file half written, of the topology shop (W_LEFTOVER)',
  ]);
  expect(wrong(found({ lockedBy: 'process 7' }, { snapshot })).join()).not.toContain('W_LEFTOVER');
});

test('doctor: what is not right comes with what to do; quiet leaves nothing else', () => {
  const findings = found({ settings: new Map([['net/ipv4/conf/all/rp_filter', '1']]), missingCapabilities: ['CAP_SYS_ADMIN'] });
  expect(`${renderFindings(findings, PLAIN, true)}\n\n${renderReadiness(findings, PLAIN)}`).toMatchInlineSnapshot(`
    "Privileges
      ✗ apply  looking at the network and changing it takes what this process lacks: CAP_SYS_ADMIN (E_PRIVILEGE)
        run netloom as root, or inside \`netloom sandbox\`

    Settings
      ! rp_filter  strict: the host drops what comes in by another interface than it would answer by, as with two uplinks or with asymmetric routes (W_RP_FILTER)
        where you need that: sysctl -w net.ipv4.conf.all.rp_filter=2

    not ready: 1 thing is in the way; 1 warning"
  `);
});

test.each([
  ['ip utility, iproute2-6.1.0, libbpf 1.1.2', '6.1.0'],
  ['nftables v1.0.6 (Lester Gooch #5)', '1.0.6'],
  ['ping from iputils 20221126', '20221126'],
  ['conntrack v1.4.7 (conntrack-tools)', '1.4.7'],
  ['Docker version 20.10.24+dfsg1, build 297e128', '20.10.24'],
  ['systemd 252 (252.38-1~deb12u1)', '252'],
  ['nothing of the kind', undefined],
])('doctor: the version in %j is %j', (text, version) => {
  expect(versionIn(text)).toBe(version);
});

test('doctor: versions are compared number by number', () => {
  expect(['6.1', '6.10.2', '20.19', '1.0.6'].map((version) => isOlder(version, '6.1'))).toEqual([false, false, false, true]);
  expect(isOlder('1.0.5', '1.0.6')).toBe(true);
});

test('doctor: the programs that kernel/ starts are the programs that doctor looks for', () => {
  const root = join(import.meta.dirname, '../../src/kernel');
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('fake/') && name !== 'doctor/managers.ts')
    .map((name) => readFileSync(join(root, name), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''));
  const started = sources.flatMap((text) => [...text.matchAll(/\[\s*'([a-z][a-z0-9-]*)',/g)].map(([, word = '']) => word));
  // Words that begin other lists; `env` only sets a variable for what follows it, and `sysctl` is a word of the scripts that people are given.
  const isProgram = (word: string): boolean => isInstalled(word) && !['link', 'route', 'env', 'sysctl'].includes(word);
  expect([...new Set(started)].filter((word) => isProgram(word) && !PROGRAMS.some(({ name }) => name === word))).toEqual([]);
  expect(started).toContain('nft');
});

test('doctor: edges', () => {
  // iproute2 6.1, `ip -force -batch -`
  const stderr = 'Error: Unknown device type.\nCommand failed -:2\nCannot find device "br-doctor"\nCommand failed -:4\n';
  expect([...failuresIn(stderr)]).toEqual([
    [2, 'Error: Unknown device type.'],
    [4, 'Cannot find device "br-doctor"'],
  ]);
  const mountinfo = '30 1 0:27 / /run rw shared:5 - tmpfs tmpfs rw\n40 30 0:27 /netns /run/netns rw - tmpfs tmpfs rw\n';
  expect([sharingOf('/run', mountinfo), sharingOf('/run/netns', mountinfo), sharingOf('/etc/netns', mountinfo)]).toEqual([
    true,
    false,
    undefined,
  ]);
  expect(['configured', 'configuring', 'unmanaged', 'pending'].map((state) => isManagedByNetworkd(`ADMIN_STATE=${state}\n`))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(devicesOfNetworkManager('eth0:connected\nbr-web:connected (externally)\nveth1:unmanaged\nbr-db:connecting\n')).toEqual([
    'eth0',
    'br-db',
  ]);
});
