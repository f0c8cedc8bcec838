import { createHash } from 'node:crypto';
import { TopologyError } from '../model/errors.ts';
import type { Topology } from '../model/topology.ts';
import { createFaults } from './faults.ts';
import { resolve } from './resolve.ts';
import { decode } from './syntax/decode.ts';
import { parse } from './syntax/parse.ts';
import { isMapping, thaw } from './syntax/repair.ts';
import { mendTraps } from './syntax/traps.ts';
import type { Data } from './syntax/tree.ts';
import { validate } from './syntax/validate.ts';

/**
 * A topology file → what it says, with everything decided: a pure function of the text. `file` is only for positions.
 * Throws TopologyError with every fault of the file, in its order, and nothing else whatever the input.
 */
export function loadTopology(source: string | Uint8Array, file: string): Topology {
  const text = decode(source);
  if (typeof text !== 'string') {
    const before = text.textBefore.split('\n');
    const origin = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    throw new TopologyError([{ code: 'E_ENCODING', message: text.message, hint: text.hint, origin, length: 1 }], text.textBefore);
  }
  try {
    return read(text, file);
  } catch (error) {
    if (error instanceof TopologyError) throw error;
    throw internal(error, text, file);
  }
}

function read(text: string, file: string): Topology {
  const { data, places, faults: syntax } = parse(text);
  const faults = createFaults(file, places, syntax);
  const fail = () => new TopologyError(faults.list(), text);
  if (data === undefined) throw fail();
  const raw = isShapely(data, faults) ? thaw(data) : undefined;
  if (raw === undefined) throw fail();
  mendTraps(raw, faults);
  const valid = validate(raw, faults);
  if (valid === undefined) throw fail();
  const digest = createHash('sha256').update(text).digest('hex');
  const topology = resolve(valid, { name: valid.name ?? 'unnamed', file, digest }, faults);
  if (faults.list().length > 0) throw fail();
  return topology;
}

/** A file that is something else altogether gets one fault instead of one for each key. */
function isShapely(data: Data, faults: ReturnType<typeof createFaults>): boolean {
  if (isMapping(data)) return true;
  const isTight = typeof data === 'string' && /^\w+:\S/.test(data);
  const hint = isTight
    ? 'put a space behind each colon: version: 1'
    : 'a topology file begins with version: 1 and name: …; `netloom init` writes a first one';
  if (data === null) faults.add([], 'E_SHAPE', 'the file is empty', hint);
  else faults.add([], 'E_SHAPE', `the file is ${Array.isArray(data) ? 'a list' : 'plain text'}, not a mapping`, hint);
  return false;
}

/** A bug of ours still comes out as one clear fault. */
function internal(error: unknown, text: string, file: string): TopologyError {
  const what = error instanceof Error ? error.message : String(error);
  const fault = {
    code: 'E_INTERNAL',
    message: `netloom could not make sense of this file: ${what}`,
    hint: 'this is a bug of netloom; please report it with the file',
    origin: { file, line: 1, column: 1 },
    length: 1,
  };
  const wrapped = new TopologyError([fault], text);
  wrapped.cause = error;
  return wrapped;
}
