import { mkdirSync } from 'node:fs';
import { beforeAll, expect } from 'vitest';
import { foreignState, makeForeign } from './foreign.ts';
import { everything } from './killing.ts';

/** Puts somebody else's things on the host of a test file, and /run/lab for files; gives the check that the host is as it was then. */
export function untouched(): () => Promise<void> {
  const state = async () => [await foreignState(), await everything()];
  let before: unknown;
  beforeAll(async () => {
    await makeForeign();
    mkdirSync('/run/lab', { recursive: true });
    before = await state();
  });
  return async () => expect(await state()).toEqual(before);
}
