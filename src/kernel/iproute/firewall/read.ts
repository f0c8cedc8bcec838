import { StepError } from '../../../model/errors.ts';
import type { DockerUserState, DropState, FilterState, TranslationState } from '../../../model/firewall.ts';
import { FAMILIES, type Family } from '../../../model/ip.ts';
import { dockerUserRuleOf, isTraceTable, topologyOfTable } from '../../../model/marks.ts';
import { HOST } from '../../../model/topology.ts';
import { isInterfaceName } from '../../checked.ts';
import { lacksPrivilege, type ProgramResult, privilegeError, type RunProgram } from '../../program.ts';
import { type Fields, optionalText, text } from '../read/edge.ts';
import { atEdge } from '../read/namespace.ts';
import { objectsIn } from '../read/tables.ts';
import { type Expressions, expressionsOf, interfacesOf, rulesIn } from './decisions.ts';
import { engineBridges, isEngineChain, parseDockerUser } from './docker-user.ts';
import { dropOf, passesDockerUser, passesSavedDockerUser, type RulesByChain, savedDropOf } from './drops.ts';
import { natTableOf, parseSave, type SavedTable } from './iptables-save.ts';
import { type LegacyTables, readLegacy } from './legacy.ts';
import { translationsOf } from './nat-table.ts';
import { isTargetOfIptables, natRulesOf, setsIn } from './nft-nat.ts';

/** Everything but the elements of named sets, which may be many. */
const RULESET = ['nft', '-j', '-t', 'list', 'ruleset'];

export const IPTABLES = { ipv4: 'iptables', ipv6: 'ip6tables' } as const;
const NFT_FAMILY = { ipv4: 'ip', ipv6: 'ip6' } as const;
/** Seconds to wait for iptables' lock, which dockerd takes, too. */
export const LOCK_WAIT = ['-w', '5'];

/** The ruleset, without our own tables. */
interface Ruleset {
  readonly chains: readonly Fields[];
  readonly rules: readonly Fields[];
}

/**
 * Who else decides about what the host forwards, and, where asked for, translates; undefined where nobody asked. One nft, one iptables for
 * each family that has DOCKER-USER, or nat rules that nft cannot print; one for each family in which the tables of iptables-legacy are loaded.
 */
export async function readFilters(
  run: RunProgram,
  { filters = false, translations = false }: { readonly filters?: boolean; readonly translations?: boolean },
  signal?: AbortSignal,
): Promise<FilterState | undefined> {
  if (!filters) return undefined;
  const start = (argv: readonly string[]): Promise<ProgramResult> => run(argv, signal === undefined ? {} : { signal });
  const read = async (argv: readonly string[]): Promise<string> => {
    const result = await start(argv);
    if (result.exitCode === 0) return result.stdout;
    throw lacksPrivilege(result.stderr) ? privilegeError(result) : new StepError({ ...result, namespace: HOST });
  };
  const listed = await read(RULESET);
  const isForeign = ({ table }: Fields): boolean =>
    typeof table === 'string' && topologyOfTable(table) === undefined && !isTraceTable(table);
  const ruleset = atEdge(RULESET, HOST, () => {
    const objects = objectsIn(listed);
    return { chains: objects('chain').filter(isForeign), rules: objects('rule').filter(isForeign) };
  });
  const legacy = await readLegacy(start);
  const dockerUser: { ipv4?: DockerUserState; ipv6?: DockerUserState } = {};
  const drops: DropState[] = [];
  for (const family of FAMILIES) {
    const lines = await readDockerUser(read, family, ruleset, legacy);
    if (lines === undefined) continue;
    dockerUser[family] = stateOf(lines, family, ruleset, legacy);
    const foreign = lines.filter((line) => dockerUserRuleOf(line) === undefined);
    const drop = savedDropOf('DOCKER-USER', { policies: new Map(), rules: foreign });
    if (drop !== undefined) drops.push({ family, table: 'filter', chain: 'DOCKER-USER', neighbours: [], ...drop });
  }
  return {
    dockerUser,
    drops: [...drops, ...nftDrops(ruleset, dockerUser), ...legacyDrops(legacy, dockerUser)],
    translations: translations ? [...(await nftTranslations(read, ruleset)), ...legacyTranslations(legacy)] : [],
    hooks: [...hooksIn(ruleset), ...hooksOfLegacy(legacy)],
  };
}

type Read = (argv: readonly string[]) => Promise<string>;

const isIn = (chain: Fields, family: Family, name: string): boolean =>
  chain.family === NFT_FAMILY[family] && chain.table === 'filter' && chain.name === name;

const filterOf = (tables: readonly SavedTable[]): SavedTable | undefined => tables.find(({ name }) => name === 'filter');
const isLegacy = (legacy: LegacyTables, family: Family): boolean => filterOf(legacy[family])?.policies.has('DOCKER-USER') ?? false;

/** The rules of DOCKER-USER, as iptables prints them; undefined where there is no such chain. */
async function readDockerUser(read: Read, family: Family, { chains }: Ruleset, legacy: LegacyTables): Promise<string[] | undefined> {
  const saved = filterOf(legacy[family]);
  if (saved?.policies.has('DOCKER-USER')) return rulesIn(saved, 'DOCKER-USER');
  if (!chains.some((chain) => isIn(chain, family, 'DOCKER-USER'))) return undefined;
  return rulesIn({ rules: (await read([IPTABLES[family], ...LOCK_WAIT, '-S', 'DOCKER-USER'])).split('\n') }, 'DOCKER-USER');
}

function stateOf(lines: readonly string[], family: Family, { rules }: Ruleset, legacy: LegacyTables): DockerUserState {
  const inNft = rules
    .filter((rule) => rule.family === NFT_FAMILY[family] && rule.table === 'filter' && isEngineChain(text(rule, 'chain')))
    .flatMap((rule) => ['iifname', 'oifname'].flatMap((key) => interfacesOf(expressionsOf(rule), key) ?? []));
  const inLegacy = engineBridges(filterOf(legacy[family])?.rules ?? []);
  return {
    rules: parseDockerUser(lines.join('\n')),
    bridges: [...new Set([...inNft, ...inLegacy])].filter(isInterfaceName).sort(),
    ...(isLegacy(legacy, family) ? { legacy: true as const } : {}),
  };
}

const familyOf = ({ family }: Fields): DropState['family'] | undefined =>
  family === 'inet' ? 'inet' : FAMILIES.find((one) => NFT_FAMILY[one] === family);

const inTable = (table: Fields, one: Fields): boolean => one.family === table.family && one.table === table.table;

/** Chains that drop by their policy, or by an unconditional rule; with every way through that their table holds. */
function nftDrops({ chains, rules }: Ruleset, dockerUser: FilterState['dockerUser']): DropState[] {
  return chains.flatMap((chain): DropState[] => {
    const family = familyOf(chain);
    if (chain.hook !== 'forward' || family === undefined) return [];
    const all = byChain(rules.filter((rule) => inTable(chain, rule)));
    const name = text(chain, 'name');
    const isDockers = family !== 'inet' && isPassedByUs(dockerUser, family, 'nft') && isIn(chain, family, 'FORWARD');
    if (isDockers && passesDockerUser(name, all)) return [];
    const drop = dropOf(name, optionalText(chain, 'policy'), all);
    if (drop === undefined) return [];
    const neighbours = chains.filter((one) => inTable(chain, one)).map((one) => text(one, 'name'));
    return [{ family, table: text(chain, 'table'), chain: name, neighbours, ...drop }];
  });
}

function byChain(rules: readonly Fields[]): RulesByChain {
  const found = new Map<string, Expressions[]>();
  for (const rule of rules) {
    const chain = text(rule, 'chain');
    const list = found.get(chain);
    if (list) list.push(expressionsOf(rule));
    else found.set(chain, [expressionsOf(rule)]);
  }
  return found;
}

const isPassedByUs = (dockerUser: FilterState['dockerUser'], family: Family, where: 'nft' | 'legacy'): boolean =>
  dockerUser[family] !== undefined && (dockerUser[family].legacy === true) === (where === 'legacy');

function legacyDrops(legacy: LegacyTables, dockerUser: FilterState['dockerUser']): DropState[] {
  return FAMILIES.flatMap((family): DropState[] => {
    const filter = filterOf(legacy[family]);
    if (filter === undefined) return [];
    if (isPassedByUs(dockerUser, family, 'legacy') && passesSavedDockerUser('FORWARD', filter)) return [];
    const drop = savedDropOf('FORWARD', filter);
    return drop === undefined
      ? []
      : [{ family, table: 'filter', chain: 'FORWARD', legacy: true, neighbours: [...filter.policies.keys()], ...drop }];
  });
}

/** Hooks that see what is meant for the host's own addresses. */
const isNatHook = (chain: Fields): boolean => chain.type === 'nat' && (chain.hook === 'prerouting' || chain.hook === 'output');

async function nftTranslations(read: Read, { chains, rules }: Ruleset): Promise<TranslationState[]> {
  const found: TranslationState[] = [];
  const bases = chains.filter(isNatHook);
  const tables = bases.filter((chain, index) => bases.findIndex((one) => inTable(chain, one)) === index);
  for (const chain of tables) {
    const family = familyOf(chain);
    if (family === undefined) continue;
    const [own, name] = [rules.filter((rule) => inTable(chain, rule)), text(chain, 'table')];
    const where = `table ${text(chain, 'family')} ${name}`;
    if (family !== 'inet' && own.some((rule) => expressionsOf(rule).some(isTargetOfIptables))) {
      const saved = parseSave(await read([`${IPTABLES[family]}-save`, '-t', name]));
      found.push(...saved.flatMap((table) => translationsOf(natTableOf(table, family, where))));
      // Where somebody has put in a set or a rule by nft, iptables-save calls the table incompatible, prints nothing and exits 0.
      if (saved.length > 0) continue;
    }
    const elements = await readSets(read, chain, own);
    const roots = bases.filter((one) => inTable(chain, one)).map((one) => text(one, 'name'));
    const natRules = atEdge(RULESET, HOST, () => own.flatMap((rule) => natRulesOf(rule, elements)));
    found.push(...translationsOf({ family, name: where, roots, rules: natRules }));
  }
  return found;
}

/** Named sets and maps that translating rules refer to; mostly none. */
async function readSets(read: Read, chain: Fields, rules: readonly Fields[]): Promise<Map<string, readonly unknown[]>> {
  if (!rules.some((rule) => setsIn(rule.expr).length > 0)) return new Map();
  const argv = ['nft', '-j', 'list', 'table', text(chain, 'family'), text(chain, 'table')];
  const listed = await read(argv);
  return atEdge(
    argv,
    HOST,
    () => new Map(['set', 'map'].flatMap(objectsIn(listed)).map((set) => [text(set, 'name'), Array.isArray(set.elem) ? set.elem : []])),
  );
}

const legacyTranslations = (legacy: LegacyTables): TranslationState[] =>
  FAMILIES.flatMap((family) =>
    legacy[family]
      .filter(({ name }) => name === 'nat')
      .flatMap((table) => translationsOf(natTableOf(table, family, `${IPTABLES[family]}-legacy's table nat`))),
  );

const hooksIn = ({ chains }: Ruleset): string[] =>
  chains
    .filter((chain) => chain.hook === 'forward' || (optionalText(chain, 'type') === 'nat' && chain.hook !== undefined))
    .map((chain) => `table ${text(chain, 'family')} ${text(chain, 'table')}, chain ${text(chain, 'name')}`);

/** There every table has all its hooks from the moment that it is loaded. */
const hooksOfLegacy = (legacy: LegacyTables): string[] =>
  FAMILIES.flatMap((family) =>
    legacy[family]
      .filter(({ name }) => name === 'nat' || name === 'filter')
      .map(({ name }) => `${IPTABLES[family]}-legacy's table ${name}`),
  );
