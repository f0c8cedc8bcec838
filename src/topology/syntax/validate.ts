import type { ErrorObject } from 'ajv';
import type { Faults } from '../faults.ts';
import type { RawTopology } from '../raw.ts';
import { explain } from './explain.ts';
import { pathOf } from './pointer.ts';
import { type Loose, spoilAt, spoilByKey, takeOut } from './repair.ts';
import { isTopology } from './validator.ts';

/** Taking one thing out may leave another incomplete, which then goes too; the language is six levels deep. */
const ROUNDS = 8;

/**
 * Checks the shape of a file and reports what is wrong; takes that out of `data`, so that the rest can be checked further. Undefined when
 * nothing usable is left.
 */
export function validate(data: Loose, faults: Faults): RawTopology | undefined {
  for (let round = 0; round < ROUNDS; round += 1) {
    if (isTopology(data)) return data;
    const errors = (isTopology.errors ?? []).filter((error) => !isGap(error));
    if (round === 0) explain(errors, data, faults);
    const rest = errors.filter(isRemovable);
    if (rest.length === 0) return data as RawTopology;
    for (const error of rest) remove(error, data, faults);
  }
  return undefined;
}

/** Something taken out earlier: the list has a gap there. */
const isGap = (error: ErrorObject): boolean => error.data === undefined;

/** Bad names stay where they are, so that what refers to them is not a second fault; what the file as a whole lacks cannot be removed. */
const isRemovable = (error: ErrorObject): boolean =>
  error.propertyName === undefined &&
  error.keyword !== 'propertyNames' &&
  (error.instancePath !== '' || error.keyword === 'additionalProperties');

function remove(error: ErrorObject, data: Loose, faults: Faults): void {
  const path = pathOf(error, data);
  if (error.keyword === 'additionalProperties') {
    const unknown = [...path, String(error.params.additionalProperty)];
    spoilByKey(data, unknown, faults);
    takeOut(data, unknown);
    return;
  }
  if (error.keyword !== 'not') spoilAt(data, path, faults);
  takeOut(data, path);
}
