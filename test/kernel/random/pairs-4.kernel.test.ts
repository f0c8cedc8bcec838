import { test } from 'vitest';
import { checkPairs, PAIRS } from './pairs.ts';

test('random pairs, part 4 of 4: A, then B, ends as B alone, with nothing left to do', async () => {
  await checkPairs({ seed: 4, numRuns: PAIRS });
}, 600_000);
