import { expect, test } from 'vitest';
import { EVERY_CUT } from '../support/faults/killing.ts';
import { killRandomly } from '../support/faults/killing-random.ts';

test('random pairs, part 1 of 2: killed while made, changed and removed, the next run arrives and leaves nothing', async () => {
  expect((await killRandomly(1, EVERY_CUT ? 25 : 15)).cuts).toBeGreaterThan(25);
});
