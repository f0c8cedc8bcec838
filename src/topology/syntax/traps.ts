import type { Faults } from '../faults.ts';
import { isMapping, type Loose } from './repair.ts';

/**
 * Finds what YAML reads otherwise than people mean it, reports it, and puts the meant value in place, so that the rest of the file is
 * checked as it was meant.
 */
export function mendTraps(data: Loose, faults: Faults): void {
  if (!isMapping(data)) return;
  const { links, namespaces } = data;
  if (Array.isArray(links)) for (const [index, link] of links.entries()) mendLink(link, ['links', index], faults);
  if (!isMapping(namespaces)) return;
  for (const [name, namespace] of Object.entries(namespaces)) {
    if (isMapping(namespace) && Array.isArray(namespace.publish)) {
      mendItems(namespace.publish, ['namespaces', name, 'publish'], /^[0-9.:[\]a-fA-F-]+$/, faults);
    }
  }
}

function mendLink(link: Loose, path: (string | number)[], faults: Faults): void {
  if (Array.isArray(link)) mendItems(link, path, NAME, faults);
  if (isMapping(link) && Array.isArray(link.ends)) mendItems(link.ends, [...path, 'ends'], NAME, faults);
}

/** What could be a namespace; a mapping of one option was meant as such. */
const NAME = /^(?!(?:at|mtu|mac|name|subnet|addresses|defaultRoute|linkLocal)$)[a-z][a-z0-9()-]*$/;

/** `[web01: eth0, br]`: YAML takes the colon and the space for a mapping. */
function mendItems(items: Loose[], path: (string | number)[], key: RegExp, faults: Faults): void {
  for (const [index, item] of items.entries()) {
    if (!isMapping(item)) continue;
    const [only, second] = Object.entries(item);
    if (only === undefined || second !== undefined || !key.test(only[0])) continue;
    const value = only[1];
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    const meant = `${only[0]}:${value}`;
    faults.add(
      [...path, index],
      'E_MAPPING_TRAP',
      `"${only[0]}: ${value}" is a mapping in YAML`,
      `write ${meant}, without a space after the colon`,
    );
    items[index] = meant;
  }
}
