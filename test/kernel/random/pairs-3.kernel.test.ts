import { test } from 'vitest';
import { checkPairs, PAIRS } from './pairs.ts';

test('random pairs, part 3 of 4: A, then B, ends as B alone, with nothing left to do', async () => {
  await checkPairs({ seed: 3, numRuns: PAIRS });
}, 600_000);
