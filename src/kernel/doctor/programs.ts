import type { ProgramState } from '../../model/health.ts';
import { isInstalled, type RunProgram } from '../program.ts';

/** A program that something in `kernel/` starts. */
export interface ProgramUse extends Pick<ProgramState, 'name' | 'package' | 'use' | 'need' | 'least'> {
  /** Arguments that make it say its version; absent where it has none. */
  readonly ask?: readonly string[];
}

/** Every program that netloom starts; a test compares this with what `kernel/` starts. Packages as Debian names them. */
export const PROGRAMS: readonly ProgramUse[] = [
  { name: 'ip', package: 'iproute2', use: 'namespaces, links, addresses, routes', need: 'always', least: '6.1', ask: ['-V'] },
  { name: 'nft', package: 'nftables', use: 'filters, published ports, masquerading', need: 'always', least: '1.0.6', ask: ['--version'] },
  { name: 'perl', package: 'perl-base', use: 'entering many namespaces, and their settings', need: 'always', ask: ['-v'] },
  { name: 'nsenter', package: 'util-linux', use: 'work inside namespaces', need: 'always', ask: ['--version'] },
  { name: 'unshare', package: 'util-linux', use: 'sandboxes, and what a new namespace is born with', need: 'always', ask: ['--version'] },
  { name: 'mount', package: 'mount', use: 'names of namespaces', need: 'always', ask: ['--version'] },
  { name: 'flock', package: 'util-linux', use: 'one netloom at a time', need: 'always', ask: ['--version'] },
  { name: 'sh', package: 'dash', use: 'constant scripts inside namespaces', need: 'always' },
  {
    name: 'cat',
    package: 'coreutils',
    use: 'settings and sockets inside namespaces, for `netloom trace`',
    need: 'mostly',
    ask: ['--version'],
  },
  { name: 'grep', package: 'grep', use: 'settings inside namespaces', need: 'always', ask: ['--version'] },
  {
    name: 'conntrack',
    package: 'conntrack',
    use: 'forgetting connections that a change no longer lets in',
    need: 'mostly',
    ask: ['--version'],
  },
  { name: 'ping', package: 'iputils-ping', use: 'checks', need: 'mostly', ask: ['-V'] },
  { name: 'ss', package: 'iproute2', use: 'who listens on a port that is to be published', need: 'mostly', ask: ['-V'] },
  { name: 'iptables', package: 'iptables', use: "Docker's chain DOCKER-USER", need: 'seldom', ask: ['--version'] },
  { name: 'ip6tables', package: 'iptables', use: "Docker's chain DOCKER-USER, IPv6", need: 'seldom', ask: ['--version'] },
  { name: 'docker', package: 'docker.io', use: 'attaching to its containers', need: 'seldom', ask: ['--version'] },
  { name: 'podman', package: 'podman', use: 'attaching to its containers', need: 'seldom', ask: ['--version'] },
  { name: 'git', package: 'git', use: 'the commit, in the audit trail', need: 'seldom', ask: ['--version'] },
  { name: 'systemd-notify', package: 'systemd', use: '`netloom watch` as a service', need: 'seldom', ask: ['--version'] },
];

/** Which of them there are, and which version of each. */
export async function readPrograms(run: RunProgram): Promise<ProgramState[]> {
  return [NODE, ...(await Promise.all(PROGRAMS.map((use) => stateOf(use, run))))];
}

/** The one that this is run by: `engines` of package.json. */
const NODE: ProgramState = {
  name: 'node',
  package: 'nodejs',
  use: 'netloom itself',
  need: 'always',
  least: '20.19',
  installed: true,
  version: process.versions.node,
};

async function stateOf({ ask, ...use }: ProgramUse, run: RunProgram): Promise<ProgramState> {
  if (!isInstalled(use.name)) return { ...use, installed: false };
  const version = ask === undefined ? undefined : await versionOf([use.name, ...ask], run);
  return { ...use, installed: true, ...(version === undefined ? {} : { version }) };
}

async function versionOf(argv: readonly string[], run: RunProgram): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(argv);
    return versionIn(`${stdout}\n${stderr}`);
  } catch {
    return undefined; // not to be executed after all: what needs it says so
  }
}

/** The first thing in a text that looks like a version: `6.1.0`, `v1.0.6`, `20221126`, `252 (252.22-1)`. */
export const versionIn = (text: string): string | undefined =>
  /(?<![\w.])v?(\d+(?:\.\d+)+|\d{8}|\d{3}(?= \())/.exec(text)?.[1] ?? /-(\d+(?:\.\d+)+)/.exec(text)?.[1];
