import { test } from 'vitest';
import { checkPairs } from './random-pairs.ts';

test('random pairs: 5', async () => {
  await checkPairs(1, 40);
}, 600_000);
