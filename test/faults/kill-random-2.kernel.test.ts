import { expect, test } from 'vitest';
import { killRandomly } from '../support/faults/killing-random.ts';

test('25 random pairs, part 2 of 2: killed while made, changed and removed, the next run arrives and leaves nothing', async () => {
  expect((await killRandomly(2, 25)).cuts).toBeGreaterThan(40);
});
