import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TopologyError } from '../../../src/model/errors.ts';
import { loadTopology } from '../../../src/topology/load.ts';
import { randomTopology } from '../../support/random-topology.ts';

test('random topologies: the generator writes valid files', () => {
  fc.assert(
    fc.property(randomTopology, (text) => {
      try {
        expect(loadTopology(text, 'random.yaml').name).toBe('random');
      } catch (error) {
        throw error instanceof TopologyError ? new Error(`${error.message}\n${text}`) : error;
      }
    }),
    { numRuns: 500, endOnFailure: true },
  );
});
