import type { StalePlanError } from '../model/errors.ts';
import type { Remark } from '../model/report.ts';
import type { FieldChange } from '../model/resource.ts';
import type { Moved, MovedObject } from '../model/saved.ts';
import { renderValue } from './change/fields.ts';

const CODE = 'E_PLAN_STALE';

/** The refusal, then everything that has moved, each with what it was and what it is. */
export function remarksOfStale({ moved, hint }: StalePlanError): Remark[] {
  return [
    { code: CODE, message: 'the plan is stale, and nothing was changed: what it was made from has moved', hint },
    ...moved.map(remarkOf),
  ];
}

function remarkOf(moved: Moved): Remark {
  if (moved.what === 'object') return { code: CODE, message: `${moved.id} (${moved.topology}) ${objectText(moved)}` };
  const [was, is] = [moved.was, moved.is].map((digest) => digest.slice(0, 12));
  return { code: CODE, message: `${moved.file} (${moved.topology}) has other content: SHA-256 was ${was}…, is ${is}…`, file: moved.file };
}

function objectText({ how, fields }: MovedObject): string {
  switch (how) {
    case 'came':
      return 'is there now, and was not when the plan was made';
    case 'went':
      return 'is gone, and was there when the plan was made';
    case 'changed':
      return `has changed: ${fields.map((field) => fieldText(field, 'was', 'is')).join(', ')}`;
    case 'wanted':
      return ['is to become something else', ...fields.map((field) => fieldText(field, 'agreed', 'today'))].join(': ');
  }
  return how satisfies never;
}

/** Longer values (files) say only that they differ. */
const LONG = 80;

function fieldText({ path, before, after }: FieldChange, then: string, now: string): string {
  const [was, is] = [renderValue(before), renderValue(after)];
  if (was.length > LONG || is.length > LONG) return `${path} differs`;
  return `${path} ${then} ${was}, ${now} ${is}`;
}
