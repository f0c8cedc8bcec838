import type { ErrorObject } from 'ajv';
import type { Path } from './places.ts';
import { isList, isMapping, type Loose } from './repair.ts';

/** ajv's JSON pointer → path. Indices of lists become numbers, as `Place.children` has them. */
export function pathOf(error: ErrorObject, data: Loose): Path {
  const path: (string | number)[] = [];
  let value: unknown = data;
  for (const step of error.instancePath.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(isList(value) ? Number(key) : key);
    value = isList(value) ? value[Number(key)] : isMapping(value) ? value[key] : undefined;
  }
  return path;
}
