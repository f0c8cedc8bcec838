import { HOST } from '../../model/topology.ts';
import type { DraftBridge, EndSettings, Node, Setting } from '../draft.ts';
import { badIfname } from '../entities/names.ts';
import type { Faults } from '../faults.ts';
import type { RawEnd, RawLongLink } from '../raw.ts';
import type { Path } from '../syntax/places.ts';
import { quote } from '../syntax/quote.ts';
import { didYouMean } from '../syntax/suggest.ts';

/** An end as written, ranges not yet expanded. */
export interface WrittenEnd {
  readonly at: string;
  readonly path: Path;
  readonly settings: EndSettings;
}

/** Splits an end into where it is and what is said about it. */
export function readEnd(raw: RawEnd, path: Path): WrittenEnd {
  if (typeof raw === 'string') return { at: raw, path, settings: {} };
  const { at, ...rest } = raw;
  return { at, path: [...path, 'at'], settings: settingsOf(rest, path) };
}

/** Each given value with its place. */
function settingsOf(raw: Readonly<Record<string, unknown>>, path: Path): EndSettings {
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, { value, path: [...path, key] }]));
}

/** What stands beside `ends` and means one end: the one that is not the bridge. */
export function besideEnds({ addresses, mac, defaultRoute }: RawLongLink, path: Path): EndSettings {
  const given = Object.entries({ addresses, mac, defaultRoute }).filter(([, value]) => value !== undefined);
  return settingsOf(Object.fromEntries(given), path);
}

/** What an end turned out to be. */
export type FoundEnd =
  | { readonly is: 'bridge'; readonly bridge: DraftBridge }
  | { readonly is: 'interface'; readonly node: Node; readonly ifname: string };

export interface Names {
  readonly bridges: ReadonlyMap<string, DraftBridge>;
  readonly nodes: ReadonlyMap<string, Node>;
}

/** Looks up one end, ranges expanded; reports why it cannot be one. */
export function findEnd(at: string, path: Path, names: Names, faults: Faults): FoundEnd | undefined {
  const [name = '', ifname, ...rest] = at.split(':');
  if (ifname === undefined) return findBridge(at, path, names, faults);
  const node = names.nodes.get(name);
  if (rest.length > 0 || name === '') {
    faults.add(path, 'E_LINK_END', `${quote(at)} is not an end`, 'write namespace:interface, or the name of a bridge');
  } else if (node === undefined) {
    unknownNamespace(name, path, names, faults);
  } else if (node.share !== undefined) {
    if (faults.spoilt(`namespace:${name}`)) return undefined;
    const hint = `write ${node.share}:${ifname}`;
    faults.add(path, 'E_LINK_END', `${name} is only another name of ${node.share} and has no interfaces of its own`, hint);
  } else {
    const bad = badIfname(ifname);
    if (bad === undefined) return { is: 'interface', node, ifname };
    faults.add(path, bad.code, bad.message, bad.hint);
    // Too long or odd, it still says which interface is meant.
    return bad.code === 'E_NAME_LENGTH' ? { is: 'interface', node, ifname } : undefined;
  }
  return undefined;
}

function findBridge(name: string, path: Path, { bridges, nodes }: Names, faults: Faults): FoundEnd | undefined {
  const bridge = bridges.get(name);
  if (bridge !== undefined) return { is: 'bridge', bridge };
  const slashed = name.split(/[/.]/)[0] ?? '';
  if (nodes.has(name) || name === HOST) {
    faults.add(path, 'E_LINK_END', `${name} is a namespace; the interface is missing`, `write ${name}:eth0`);
  } else if (slashed !== name && nodes.has(slashed)) {
    faults.add(path, 'E_LINK_END', `${quote(name)} is not an end`, `write ${name.replace(/[/.]/, ':')}, with a colon`);
  } else if (!faults.spoilt('section:bridges')) {
    const meant = faults.suggest(name, bridges.keys());
    const hint = didYouMean(meant, `add it to \`bridges\`, or write namespace:interface`);
    faults.add(path, 'E_UNKNOWN_NAME', `there is no bridge ${quote(name)}`, hint);
  }
  return undefined;
}

function unknownNamespace(name: string, path: Path, { bridges, nodes }: Names, faults: Faults): void {
  if (bridges.has(name)) {
    faults.add(
      path,
      'E_LINK_END',
      `${name} is a bridge; its port has no name of its own here`,
      `write ${name}, or { at: ${name}, name: … }`,
    );
    return;
  }
  if (faults.spoilt('section:namespaces')) return;
  const hint = didYouMean(faults.suggest(name, nodes.keys()), `add it to \`namespaces\`: ${quote(name)}: {}`);
  faults.add(path, 'E_UNKNOWN_NAME', `there is no namespace ${quote(name)}`, hint);
}

/** The settings of an end with those beside `ends`; reports what is said twice. */
export function merged(own: EndSettings, beside: EndSettings, faults: Faults): EndSettings {
  for (const [key, setting] of Object.entries(beside) as [string, Setting<unknown>][]) {
    if (Object.hasOwn(own, key))
      faults.addAtKey(setting.path, 'E_LINK_OPTION', `${key} stands both beside ends and in the end`, 'keep one of them');
  }
  return { ...beside, ...own };
}
