import { addressOf, formatIp } from '../../model/ip.ts';
import { HOST, type OneWayAlias } from '../../model/topology.ts';
import type { Draft, DraftAlias, DraftLink, Interface, Node } from '../draft.ts';
import { endName } from '../draft.ts';
import { expand } from '../entities/ranges.ts';
import type { Faults } from '../faults.ts';
import type { RawLongLink } from '../raw.ts';
import type { Path } from '../syntax/places.ts';
import { quote } from '../syntax/quote.ts';
import { didYouMean } from '../syntax/suggest.ts';

/** Enters `as` of one item of `links` into the links that it stands for. */
export function enterAliases(
  raw: RawLongLink,
  links: readonly DraftLink[],
  path: Path,
  nodes: ReadonlyMap<string, Node>,
  faults: Faults,
): void {
  for (const [key, alias] of Object.entries(raw.as ?? {})) {
    const at = [...path, 'as', key];
    const names = expand(key);
    if ('problem' in names) faults.addAtKey(at, 'E_RANGE', `${key}: ${names.problem}`, 'for example pc(01-20)');
    else if (alias !== undefined) for (const name of names) enter({ namespace: name, alias, path: at }, links, nodes, faults);
  }
}

function enter(wanted: DraftAlias, links: readonly DraftLink[], nodes: ReadonlyMap<string, Node>, faults: Faults): void {
  const { namespace, path } = wanted;
  const wrong = (message: string, hint: string) => faults.addAtKey(path, 'E_LINK_OPTION', message, hint);
  const node = nodes.get(namespace);
  if (namespace === HOST) {
    wrong("the host's own /etc/hosts is not netloom's to write", 'name the namespace that is to know the other end by the alias');
  } else if (node === undefined) {
    // The schema has already spoken about characters.
    if (faults.spoilt('section:namespaces') || !/^[a-z][a-z0-9-]*$/.test(namespace)) return;
    const hint = didYouMean(faults.suggest(namespace, nodes.keys()), 'name the namespace that is to know the other end by the alias');
    faults.addAtKey(path, 'E_UNKNOWN_NAME', `there is no namespace ${quote(namespace)}`, hint);
  } else if (node.share !== undefined) {
    wrong(`${namespace} is only another name of ${node.share}, with the same names in it`, `write ${node.share}`);
  } else {
    const own = links.filter((link) => link.ends.some((end) => !end.isPort && end.namespace === namespace));
    if (own.length === 0 && links.length > 1) {
      wrong(
        `${namespace} is on none of these ${links.length} links, and one name cannot stand for them all`,
        'write the one that is meant out',
      );
    } else for (const link of own.length === 0 ? links : own) link.as.push(wanted);
  }
}

/** What each namespace alone resolves; the addresses must have been decided. Reports aliases that lead nowhere, or somewhere else as well. */
export function resolveAliases(draft: Draft, faults: Faults): Map<string, OneWayAlias[]> {
  const resolved = new Map<string, OneWayAlias[]>();
  const known = new Map<string, Map<string, string>>();
  for (const link of draft.links) {
    for (const wanted of link.as) {
      const { namespace, alias, path } = wanted;
      const names = known.get(namespace) ?? namesKnownTo(namespace, draft);
      known.set(namespace, names);
      const target = targetOf(link, wanted, faults);
      if (target === undefined) continue;
      const addresses = target.addresses.map((cidr) => addressOf(formatIp(cidr)));
      const holder = nameOf(target);
      const same = names.get(alias);
      if (alias === 'localhost') faults.add(path, 'E_NAME', 'localhost means each namespace itself', 'choose another alias');
      else if (same !== undefined) {
        faults.add(path, 'E_NAME_DUPLICATE', `${namespace} resolves ${alias} already, to ${same}`, 'choose another alias');
      } else if (addresses.length > 0) resolved.set(namespace, [...(resolved.get(namespace) ?? []), { alias, addresses }]);
      else if (!faults.spoilt(`namespace:${target.namespace}`, `bridge:${link.segment.name}`)) {
        faults.add(path, 'E_NO_EFFECT', `${holder} has no address that ${alias} could stand for`, 'give it one, or remove this');
      }
      names.set(alias, holder);
    }
  }
  return resolved;
}

const nameOf = (target: Interface): string => (target.namespace === HOST ? target.ifname : endName(target));

/** The other end, seen from that namespace. */
function targetOf(link: DraftLink, { namespace, path }: DraftAlias, faults: Faults): Interface | undefined {
  const [low, high] = link.ends;
  const isOwn = [low, high].map((end) => !end.isPort && end.namespace === namespace);
  if (isOwn[0] && isOwn[1]) {
    faults.addAtKey(path, 'E_LINK_OPTION', `both ends of this link are in ${namespace}`, 'remove this');
    return undefined;
  }
  if (link.bridge === undefined && isOwn[0] !== isOwn[1]) return isOwn[0] ? high : low;
  if (isOwn[1]) return link.bridge?.own;
  if (link.bridge !== undefined && link.segment.interfaces.has(namespace)) return high;
  if (faults.spoilt(`namespace:${namespace}`)) return undefined;
  const message = `${namespace} is not on ${link.bridge === undefined ? 'this link' : link.bridge.name}, and could not reach what the alias stands for`;
  const hint =
    link.bridge === undefined ? 'name one of its two ends' : `name the namespace of this link, or another member of ${link.bridge.name}`;
  faults.addAtKey(path, 'E_LINK_OPTION', message, hint);
  return undefined;
}

/** Name or alias → whose it is, of itself and of all that it shares a bridge or a link with. */
function namesKnownTo(namespace: string, { nodes }: Draft): Map<string, string> {
  const names = new Map<string, string>();
  const self = nodes.get(namespace);
  const segments = new Set((self?.ends ?? []).map(({ segment }) => segment));
  const around = new Set([namespace, ...[...segments].flatMap((segment) => [...segment.interfaces.keys()])]);
  for (const name of around) {
    if (name === HOST) continue;
    for (const each of [name, ...(nodes.get(name)?.raw.aliases ?? [])]) if (each !== undefined) names.set(each, name);
  }
  return names;
}
