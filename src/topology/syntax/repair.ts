import type { Faults, Subject } from '../faults.ts';
import type { Path } from './places.ts';
import type { Data } from './tree.ts';

/** Plain data that can still be mended. What was taken out of a list leaves `undefined`, so that paths stay true. */
export type Loose = undefined | null | boolean | number | string | Loose[] | LooseMap;

export interface LooseMap {
  [key: string]: Loose;
}

/** A copy to work on. Aliased values become values of their own. */
export function thaw(data: Data): Loose {
  if (isList(data)) return data.map(thaw);
  if (data === null || typeof data !== 'object') return data as Loose;
  const copy: LooseMap = Object.create(null);
  for (const [key, value] of Object.entries(data)) copy[key] = thaw(value as Data);
  return copy;
}

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

export const isMapping = (value: unknown): value is LooseMap => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path, undefined where there is none. */
export function valueAt(data: Loose, path: Path): Loose {
  let value: Loose = data;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isMapping(value)) value = value[step];
    else return undefined;
  }
  return value;
}

const NAMED = new Set<string | number | undefined>(['subnets', 'bridges', 'namespaces']);

/** Removes what is wrong. A named thing stays as an empty one, since other places refer to its name. */
export function takeOut(data: Loose, path: Path): void {
  const last = path.at(-1);
  const parent = valueAt(data, path.slice(0, -1));
  if (last === undefined) return;
  if (Array.isArray(parent)) parent[Number(last)] = undefined;
  else if (isMapping(parent)) {
    if (path.length === 2 && NAMED.has(path[0])) parent[last] = null;
    else delete parent[last];
  }
}

/** Keys on which no address and no route hangs. */
const HARMLESS = new Set<string | number>([
  'mtu',
  'mac',
  'name',
  'linkLocal',
  'stp',
  'nat',
  'inbound',
  'icc',
  'allow',
  'forwarding',
  'sysctls',
  'publish',
  'aliases',
  'as',
  'dns',
]);

/** Notes which named things are incomplete once the value at `path` is taken out. */
export function spoilAt(data: Loose, path: Path, faults: Faults): void {
  const [section, entry, ...inner] = path;
  if (inner.some((step) => HARMLESS.has(step))) return;
  if (section === 'checks') faults.spoil(`check:${entry ?? ''}`);
  if (section === 'host') faults.spoil('namespace:host');
  else if (section === 'links' && entry === undefined) faults.spoil('everything:');
  else if (section === 'links') faults.spoil(...mentioned(valueAt(data, path.slice(0, 2)), 0));
  else if (NAMED.has(section)) faults.spoil(entry === undefined ? 'everything:' : (`${String(section).slice(0, -1)}:${entry}` as Subject));
}

/** Notes what an unknown key may have been meant to be: a section that is missing, or the use of a subnet. */
export function spoilByKey(data: Loose, path: Path, faults: Faults): void {
  const value = valueAt(data, path);
  if (typeof value === 'string') faults.spoil(`subnet:${value}`);
  if (path.length > 1 || !isMapping(data)) return;
  for (const section of ['subnets', 'bridges', 'namespaces']) if (!(section in data)) faults.spoil(`section:${section}`);
}

/** Whatever a broken link may have been meant to touch. */
function mentioned(value: Loose, depth: number): Subject[] {
  if (typeof value === 'string') return subjectsOf(value);
  if (depth > 4) return [];
  if (Array.isArray(value)) return value.flatMap((item) => mentioned(item, depth + 1));
  if (isMapping(value)) return Object.entries(value).flatMap(([key, item]) => [...subjectsOf(key), ...mentioned(item, depth + 1)]);
  return [];
}

const subjectsOf = (text: string): Subject[] => {
  const name = text.split(':', 1)[0] ?? '';
  return [`namespace:${name}`, `bridge:${name}`, `subnet:${name}`];
};
