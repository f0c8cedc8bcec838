import { expect } from 'vitest';
import { loadTopology } from '../../../src/topology/load.ts';
import { type PinResult, pin } from '../../../src/topology/pin/pin.ts';
import { modelOf } from '../../../src/topology/pin/same.ts';

/** Pins a file and asserts what always holds: it means the same, a second time changes nothing, and no line but the pinned ones moves. */
export function pinned(source: string, expand = false): PinResult {
  const before = loadTopology(source, 'lab.yaml');
  const result = pin(source, before, { expand });
  const after = loadTopology(result.text, 'lab.yaml');
  expect(modelOf(after)).toEqual(modelOf(before));
  const again = pin(result.text, after, { expand });
  expect(again.text).toBe(result.text);
  expect(again.pinned).toEqual([]);
  expect(again.left.map(({ message }) => message)).toEqual(result.left.map(({ message }) => message));
  return result;
}
