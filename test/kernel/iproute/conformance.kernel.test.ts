import { describe } from 'vitest';
import { createIprouteKernel } from '../../../src/kernel/iproute/kernel.ts';
import { describeConformance } from '../conformance.ts';
import { emptyHost } from './support.ts';

describe('iproute', () => {
  describeConformance(async () => {
    await emptyHost();
    return createIprouteKernel();
  });
});
