import { test } from 'vitest';
import { checkPairs, PAIRS } from './pairs.ts';

test('random pairs, part 1 of 4: A, then B, ends as B alone, with nothing left to do', async () => {
  await checkPairs({ seed: 1, numRuns: PAIRS });
}, 600_000);
