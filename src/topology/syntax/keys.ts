import type { Faults } from '../faults.ts';
import type { Annotated } from './explain.ts';
import { foreignWord } from './foreign.ts';
import type { Path } from './places.ts';
import { quote } from './quote.ts';
import { isMapping } from './repair.ts';
import { didYouMean } from './suggest.ts';

/** What a value is called in a message: its key, or whose item it is. */
export function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  return typeof last === 'string' ? quote(last) : `item ${last + 1} of ${nameOf(path.slice(0, -1))}`;
}

/** Which part of the language a path leads to, as the tables of foreign words call it. */
function sectionOf(path: Path): string {
  const [section] = path;
  if (section === undefined) return 'topology';
  // The second step of the others is a name of the user's own.
  const inner = path.slice(section === 'host' ? 1 : 2);
  if (inner.includes('routes')) return 'route';
  if (inner.includes('publish')) return 'publish';
  if (inner.includes('allow')) return 'allow';
  if (section === 'subnets' || inner.at(-1) === 'subnet') return 'subnet';
  if (section === 'links') return inner.length > 0 ? 'end' : 'link';
  return section === 'host' ? 'host' : String(section).replace(/s$/, '');
}

const knownKeys = (schema: Annotated): string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, property]) => (property.not === undefined ? [name] : []));

/** A list longer than this helps nobody. */
const LISTED_MAX = 16;

/** Reports a key that the language does not have, with the one that was probably meant. */
export function unknownKey(key: string, path: Path, schema: Annotated, faults: Faults): void {
  const known = knownKeys(schema);
  const where = path.length === 0 ? 'at the top level' : `in ${nameOf(path)}`;
  const list = known.length > 0 && known.length <= LISTED_MAX ? `known here: ${known.join(', ')}` : undefined;
  const all = path.length === 0 ? `if it is a name of your own, indent it below its section, such as namespaces; ${list}` : list;
  const hint = slipHint(key, path) ?? foreignWord(sectionOf(path), key) ?? didYouMean(faults.suggest(key, known), all);
  faults.addAtKey([...path, key], 'E_UNKNOWN_KEY', `there is no key ${quote(key)} ${where}`, hint);
}

/** Slips of the pen that make a key of what should be more: `ipv4:10.0.0.0/8`, `- web01:eth0: br-web`. */
function slipHint(key: string, path: Path): string | undefined {
  const [, name, value] = /^([a-zA-Z0-9]+):(\S+)$/.exec(key) ?? [];
  if (name === undefined) return undefined;
  if (path[0] === 'links' && path.length === 2) return `write a link as a list of its two ends: [${key}, BRIDGE]`;
  return `put a space behind the colon: ${name}: ${value}`;
}

const MISSING: Readonly<Record<string, string>> = {
  version: 'begin the file with version: 1',
  name: 'give the topology a name: name: shop',
  ends: 'write ends: [web01:eth0, br-web]',
  at: 'write at: web01:eth0',
  to: 'write to: with a destination',
  from: 'write from: with a name, an address or a list',
  port: 'write port: with the port in the namespace',
};

/** Reports a key that must be there. `endpoints` in place of `ends` is one mistake, though, and told as the unknown key. */
export function missingKey(key: string, within: unknown, path: Path, schema: Annotated, faults: Faults): void {
  const known = knownKeys(schema);
  const unknown = isMapping(within) ? Object.keys(within).filter((each) => !known.includes(each)) : [];
  const isMisspelt = unknown.some(
    (each) =>
      slipHint(each, path) !== undefined ||
      foreignWord(sectionOf(path), each)?.includes(`\`${key}`) === true ||
      faults.suggest(each, known) === key,
  );
  if (isMisspelt) return;
  const where = path.length === 0 ? 'the file' : nameOf(path);
  faults.addAtKey(path, key === 'version' ? 'E_VERSION' : 'E_REQUIRED', `${where} has no ${key}`, MISSING[key]);
}
