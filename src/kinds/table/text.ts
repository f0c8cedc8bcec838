import equal from 'fast-deep-equal';
import type { ChainState, SetState } from '../../model/snapshot.ts';
import type { TableSpec } from './spec.ts';

/** Lines of nft's language that make the table from nothing. `add` of what is there already is no error. */
export function createLines(name: string, spec: TableSpec): string[] {
  const table = `inet ${name}`;
  return [
    `add table ${table}`,
    ...Object.entries(spec.maps).map(([map, { key, value }]) => `add map ${table} ${map} { type ${key} : ${value}; }`),
    ...Object.entries(spec.sets).flatMap(([set, state]) => addSet(table, set, state)),
    ...Object.entries(spec.chains).map(([chain, { base }]) => addChain(table, chain, base)),
    ...Object.entries(spec.chains).flatMap(([chain, { rules }]) => addRules(table, chain, rules)),
  ];
}

/** Lines that turn one into the other within one transaction; elements of maps that stay are not touched. */
export function updateLines(name: string, before: TableSpec, after: TableSpec): string[] {
  const table = `inet ${name}`;
  const stale = (kind: 'chains' | 'maps' | 'sets', same: (name: string) => boolean) =>
    Object.keys(before[kind]).filter((one) => after[kind][one] === undefined || !same(one));
  const goneChains = stale('chains', (chain) => equal(before.chains[chain]?.base, after.chains[chain]?.base));
  const goneMaps = stale('maps', (map) => equal(before.maps[map], after.maps[map]));
  const goneSets = stale('sets', (set) => before.sets[set]?.key === after.sets[set]?.key);
  // A chain or map that rules refer to cannot be deleted, so rules go first and all of them come back.
  const rebuild = goneChains.length + goneMaps.length + goneSets.length > 0;
  const chains = Object.entries(after.chains).filter(([chain, state]) => rebuild || !equal(before.chains[chain], state));
  const sets = Object.entries(after.sets).filter(([set, state]) => !equal(before.sets[set], state));
  return [
    ...(rebuild ? [`flush table ${table}`] : []),
    ...goneChains.map((chain) => `delete chain ${table} ${chain}`),
    ...goneMaps.map((map) => `delete map ${table} ${map}`),
    ...goneSets.map((set) => `delete set ${table} ${set}`),
    ...Object.entries(after.maps)
      .filter(([map, state]) => !equal(before.maps[map], state))
      .map(([map, { key, value }]) => `add map ${table} ${map} { type ${key} : ${value}; }`),
    ...sets.flatMap(([set, state]) => [
      ...(goneSets.includes(set) || before.sets[set] === undefined ? [] : [`flush set ${table} ${set}`]),
      ...addSet(table, set, state),
    ]),
    ...chains.map(([chain, { base }]) => addChain(table, chain, base)),
    ...chains.filter(([chain]) => !rebuild && before.chains[chain] !== undefined).map(([chain]) => `flush chain ${table} ${chain}`),
    ...chains.flatMap(([chain, { rules }]) => addRules(table, chain, rules)),
  ];
}

function addChain(table: string, chain: string, base: ChainState['base']): string {
  return base === undefined
    ? `add chain ${table} ${chain}`
    : `add chain ${table} ${chain} { type ${base.type} hook ${base.hook} priority ${base.priority}; policy ${base.policy}; }`;
}

const addRules = (table: string, chain: string, rules: readonly string[]): string[] =>
  rules.map((rule) => `add rule ${table} ${chain} ${rule}`);

function addSet(table: string, set: string, { key, elements }: SetState): string[] {
  return [
    `add set ${table} ${set} { type ${key}; }`,
    ...(elements.length === 0 ? [] : [`add element ${table} ${set} { ${elements.join(', ')} }`]),
  ];
}
