import { StepError } from '../../../model/errors.ts';
import { FAMILIES, type Family } from '../../../model/ip.ts';
import { dockerUserRuleOf, topologyOfTable } from '../../../model/marks.ts';
import type { DockerUserRule, DropState, FilterState, Passage } from '../../../model/snapshot.ts';
import { HOST } from '../../../model/topology.ts';
import { lacksPrivilege, type ProgramResult, privilegeError, type RunProgram } from '../../program.ts';
import { type Fields, isFields, optionalText, text } from './edge.ts';
import { atEdge } from './namespace.ts';
import { objects } from './tables.ts';

/** Names of chains with their hooks and policies, without any rule: a few milliseconds. */
const CHAINS = ['nft', '-j', '-t', 'list', 'chains'];

export const IPTABLES = { ipv4: 'iptables', ipv6: 'ip6tables' } as const;
const NFT_FAMILY = { ipv4: 'ip', ipv6: 'ip6' } as const;
/** Seconds to wait for iptables' lock, which dockerd takes, too. */
export const LOCK_WAIT = ['-w', '5'];

/** Who else decides about what the host forwards; undefined where nobody asked. */
export async function readFilters(run: RunProgram, wanted: boolean, signal?: AbortSignal): Promise<FilterState | undefined> {
  if (!wanted) return undefined;
  const read = reader(run, signal);
  const listed = await read(CHAINS);
  const chains = atEdge(CHAINS, HOST, () => objects(listed, 'chain'));
  const dockerUser: { ipv4?: DockerUserRule[]; ipv6?: DockerUserRule[] } = {};
  for (const family of FAMILIES) {
    const isThere = chains.some((chain) => isIn(chain, family, 'DOCKER-USER'));
    if (isThere) dockerUser[family] = parseDockerUser(await read([IPTABLES[family], ...LOCK_WAIT, '-S', 'DOCKER-USER']));
  }
  const drops: DropState[] = [];
  for (const chain of chains) {
    const family = familyOf(chain);
    if (chain.hook !== 'forward' || family === undefined || topologyOfTable(text(chain, 'table')) !== undefined) continue;
    // Docker's own, in which DOCKER-USER comes first.
    if (family !== 'inet' && dockerUser[family] !== undefined && isIn(chain, family, 'FORWARD')) continue;
    const neighbours = chains.filter((one) => one.family === chain.family && one.table === chain.table).map((one) => text(one, 'name'));
    const drop = await readDrop(read, chain, family, neighbours);
    if (drop !== undefined) drops.push(drop);
  }
  return { dockerUser, drops };
}

type Read = (argv: readonly string[]) => Promise<string>;

const reader =
  (run: RunProgram, signal?: AbortSignal): Read =>
  async (argv) => {
    const result: ProgramResult = await run(argv, signal === undefined ? {} : { signal });
    if (result.exitCode === 0) return result.stdout;
    throw lacksPrivilege(result.stderr) ? privilegeError(result) : new StepError({ ...result, namespace: HOST });
  };

const isIn = (chain: Fields, family: Family, name: string): boolean =>
  chain.family === NFT_FAMILY[family] && chain.table === 'filter' && chain.name === name;

function familyOf({ family }: Fields): DropState['family'] | undefined {
  if (family === 'inet') return 'inet';
  return FAMILIES.find((one) => NFT_FAMILY[one] === family);
}

/** A chain that drops by its policy, or by an unconditional last rule; with every way through that its table holds. */
async function readDrop(
  read: Read,
  chain: Fields,
  family: DropState['family'],
  neighbours: readonly string[],
): Promise<DropState | undefined> {
  const [table, name] = [text(chain, 'table'), text(chain, 'name')];
  const argv = ['nft', '-j', '-t', 'list', 'chain', family === 'inet' ? family : NFT_FAMILY[family], table, name];
  const rules = rulesIn(argv, await read(argv));
  const policy = optionalText(chain, 'policy') === 'drop' ? 'policy drop' : undefined;
  const reason = rules.map(finalDrop).find((one) => one !== undefined) ?? policy;
  if (reason === undefined) return undefined;
  const all = ['nft', '-j', '-t', 'list', 'table', argv[5] ?? '', table];
  return { family, table, chain: name, reason, neighbours, passages: rulesIn(all, await read(all)).flatMap(passageOf) };
}

type Expressions = readonly Fields[];

const rulesIn = (argv: readonly string[], stdout: string): Expressions[] =>
  atEdge(argv, HOST, () =>
    objects(stdout, 'rule').map(({ expr }) => (Array.isArray(expr) ? (expr as readonly unknown[]) : []).filter(isFields)),
  );

const isIdle = (expression: Fields): boolean => 'counter' in expression || 'xt' in expression;

/** `drop` or `reject` of a rule without a condition. */
function finalDrop(rule: Expressions): string | undefined {
  const [only, ...others] = rule.filter((expression) => !('counter' in expression));
  if (only === undefined || others.length > 0) return undefined;
  return 'drop' in only ? 'its rule drop' : 'reject' in only ? 'its rule reject' : undefined;
}

/** A rule that accepts, or leads on to others, by interface alone. What it leads to is not followed: whoever names the interface means it. */
function passageOf(rule: Expressions): Passage[] {
  const rest = rule.filter((expression) => !isIdle(expression));
  const matches = rest.filter((expression) => 'match' in expression);
  const verdict = rest.filter((expression) => !('match' in expression));
  if (verdict.length !== 1 || !verdict.some((one) => 'accept' in one || 'jump' in one || 'goto' in one)) return [];
  const names = (key: string): string[] | undefined => {
    const found = matches.map(({ match }) => match).find((one) => isFields(one) && isMeta(one.left, key));
    return isFields(found) && found.op !== '!=' ? namesIn(found.right) : undefined;
  };
  const [incoming, outgoing] = [names('iifname'), names('oifname')];
  if (incoming === undefined && outgoing === undefined) return [];
  return [{ ...(incoming ? { incoming } : {}), ...(outgoing ? { outgoing } : {}) }];
}

const isMeta = (left: unknown, key: string): boolean => isFields(left) && isFields(left.meta) && left.meta.key === key;

function namesIn(right: unknown): string[] {
  if (typeof right === 'string') return [right];
  return isFields(right) && Array.isArray(right.set) ? right.set.filter((one): one is string => typeof one === 'string') : [];
}

/** Reads `iptables -S DOCKER-USER`: our rules, and whether anything in front takes everything away from them. */
export function parseDockerUser(stdout: string): DockerUserRule[] {
  let passed = true;
  return stdout.split('\n').flatMap((line) => {
    if (/^-A DOCKER-USER (-m comment --comment \S+ )?-j \S+$/.test(line)) passed = false;
    const rule = dockerUserRuleOf(line);
    return rule === undefined ? [] : [{ ...rule, effective: passed }];
  });
}
