import { HostError } from '../../model/errors.ts';
import type { FeatureState, Trial } from '../../model/health.ts';
import { interfaceAltname, LINK_GROUP, ROUTE_PROTOCOL } from '../../model/marks.ts';
import type { RunProgram } from '../program.ts';
import { ensureSandbox, sandboxCommand } from '../sandbox.ts';

interface Feature extends Pick<FeatureState, 'name' | 'option' | 'module'> {
  /** Lines for `ip -batch` that need it. Each may rely on what those above it have made. */
  readonly lines: readonly string[];
}

const ALTNAME = interfaceAltname('doctor', 'a', 'eth0');

/** What netloom asks of the kernel through `ip`, and how that shows. */
const FEATURES: readonly Feature[] = [
  { name: 'named namespaces', option: 'CONFIG_NET_NS', lines: ['netns add doctor'] },
  { name: 'bridges', option: 'CONFIG_BRIDGE', module: 'bridge', lines: ['link add br-doctor type bridge'] },
  { name: 'veth pairs', option: 'CONFIG_VETH', module: 'veth', lines: ['link add veth-doctor type veth peer name eth0 netns doctor'] },
  { name: 'ports of a bridge', option: 'CONFIG_BRIDGE', module: 'bridge', lines: ['link set veth-doctor master br-doctor'] },
  {
    name: 'isolated and hairpin ports',
    option: 'CONFIG_BRIDGE, Linux 4.18',
    lines: ['link set veth-doctor type bridge_slave isolated on hairpin on'],
  },
  {
    name: 'marks: groups and long names',
    option: 'Linux 5.5',
    lines: [`link set veth-doctor group ${LINK_GROUP}`, `link property add dev veth-doctor altname ${ALTNAME}`],
  },
  { name: 'IPv4', option: 'CONFIG_INET', lines: ['addr add 192.0.2.1/24 dev br-doctor', 'link set br-doctor up'] },
  { name: 'routes of our own protocol', option: 'CONFIG_INET', lines: [`route add 198.51.100.0/24 dev br-doctor proto ${ROUTE_PROTOCOL}`] },
  { name: 'IPv6', option: 'CONFIG_IPV6', module: 'ipv6', lines: ['addr add 2001:db8::1/64 dev br-doctor nodad'] },
];

/**
 * Has the kernel do, on a throw-away host, what netloom will ask of it: links and namespaces by `ip`, and the lines of a table by `nft`.
 * Nothing of the host is touched.
 */
export async function tryFeatures(run: RunProgram, table: readonly string[]): Promise<Trial> {
  try {
    await ensureSandbox();
    return { possible: true, features: [...(await tryLinks(run)), ...(await tryTable(run, table))] };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { possible: false, reason: error.message, hint: error.hint };
  }
}

async function tryLinks(run: RunProgram): Promise<FeatureState[]> {
  const lines = FEATURES.flatMap((feature) => feature.lines);
  const { exitCode, stderr } = await run(sandboxCommand(['ip', '-force', '-batch', '-']), {
    input: lines.map((line) => `${line}\n`).join(''),
  });
  const failures = failuresIn(stderr);
  if (exitCode !== 0 && failures.size === 0) {
    throw new HostError('E_SANDBOX', `ip does not run in a sandbox: ${stderr.trim().split('\n').at(-1) ?? ''}`, 'apt-get install iproute2');
  }
  let last = 0;
  return FEATURES.map(({ lines: own, ...feature }): FeatureState => {
    const [first] = [last + 1];
    last += own.length;
    // What could not be made above is missed below, which says nothing of the feature.
    const reason = [...failures].find(([line, why]) => line >= first && line <= last && !why.includes('Cannot find device'))?.[1];
    return reason === undefined ? { ...feature, works: true } : { ...feature, works: false, reason };
  });
}

/** What `ip -force -batch` complained about, by the line's number: its words come first, then `Command failed -:3`. */
export function failuresIn(stderr: string): Map<number, string> {
  const failures = new Map<number, string>();
  let said: string[] = [];
  for (const text of stderr.split('\n')) {
    const line = /^Command failed .*:(\d+)$/.exec(text)?.[1];
    if (line === undefined) said.push(text);
    else {
      failures.set(Number(line), said.filter(Boolean).join(' ') || 'refused');
      said = [];
    }
  }
  return failures;
}

/** All of it is one transaction; `-c` has the kernel check it, and nothing is kept. nft names the line that it stumbled over. */
async function tryTable(run: RunProgram, lines: readonly string[]): Promise<FeatureState[]> {
  const base = {
    name: 'nftables as our tables use it',
    option: 'CONFIG_NF_TABLES_INET, CONFIG_NFT_NAT, _MASQ, _FIB_INET, _CT',
    module: 'nf_tables',
  };
  const { exitCode, stderr } = await run(sandboxCommand(['nft', '-c', '-f', '-']), { input: `${lines.join('\n')}\n` });
  if (exitCode === 0) return [{ ...base, works: true }];
  const [, at] = /^\S+?:(\d+):/m.exec(stderr) ?? [];
  const line = at === undefined ? undefined : lines[Number(at) - 1];
  const reason = stderr.trim().split('\n')[0] ?? '';
  return [{ ...base, works: false, reason: line === undefined ? reason : `${reason.replace(/^.*?Error: /, '')}: ${line}` }];
}
