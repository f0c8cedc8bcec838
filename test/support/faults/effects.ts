import nodeFs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { run as runOperations } from '../../../src/kernel/iproute/write/run.ts';
import { createPrograms, type ProgramResult, type RunProgram } from '../../../src/kernel/program.ts';
import type { Operation, Outcome, Phase } from '../../../src/model/operation.ts';
import { cutProgram } from './programs.ts';

/** The least thing that can happen to the host: a line of `ip -batch`, an nft transaction, a mount, a step in the writing of a file. */
export interface Effect {
  readonly phase: Phase;
  /** What sort of thing: `ip link add`, `nft`, `file rename`. */
  readonly sort: string;
}

export interface Fault {
  /** How many effects happen before it. */
  readonly after: number;
  /**
   * `killed`: netloom is no more, nothing is cleaned up. `refused`: the next effect fails, once. `broken`: it and all that come later fail.
   */
  readonly how: 'killed' | 'refused' | 'broken';
}

/** What became of a run: the effects that it had, and its outcomes unless it was killed. */
export interface Ran {
  readonly effects: readonly Effect[];
  readonly outcomes: readonly Outcome[] | undefined;
}

/**
 * Where effects are counted. Everything that `Kernel.run` does to the host goes through programs or through node:fs; both ask here
 * first. `happens` says how many of that many effects may happen.
 */
export interface Meter {
  happens(sorts: readonly string[]): number;
  readonly isOver: boolean;
  /** Whether what did not happen is refused, and not cut off by a kill. */
  readonly refuses: boolean;
}

/** Carries operations out on the real host with a fault. Without one it counts the effects. */
export async function runWith(operations: readonly Operation[], fault?: Fault): Promise<Ran> {
  const seen: string[] = [];
  const effects: Effect[] = [];
  const inFlight = new Set<Promise<unknown>>();
  let killed: () => void = () => undefined;
  const death = new Promise<undefined>((resolve) => {
    killed = () => resolve(undefined);
  });
  let left = fault?.after ?? Number.POSITIVE_INFINITY;
  let over = false;
  const meter: Meter = {
    happens: (sorts) => {
      if (over && fault?.how !== 'refused') return 0;
      if (over || left >= sorts.length) {
        left -= over ? 0 : sorts.length;
        seen.push(...sorts);
        return sorts.length;
      }
      over = true;
      const done = left;
      seen.push(...sorts.slice(0, done));
      if (fault?.how === 'killed') killed();
      return done;
    },
    get isOver() {
      return over;
    },
    refuses: fault?.how !== 'killed',
  };
  const programs = createPrograms();
  const metered: RunProgram = async (argv, options) => {
    // The dead start nothing.
    if (over && fault?.how === 'killed') return new Promise<ProgramResult>(() => undefined);
    const result = cutProgram(programs, meter, argv, options);
    inFlight.add(result);
    await result.catch(() => undefined).finally(() => inFlight.delete(result));
    return over && fault?.how === 'killed' ? new Promise<ProgramResult>(() => undefined) : result;
  };
  const restore = meterFiles(meter);
  try {
    const onProgress = (done: readonly Outcome[]): void => {
      const phase = done[0]?.operation.phase ?? 'mark';
      for (const sort of seen.splice(0)) effects.push({ phase, sort });
    };
    const outcomes = await Promise.race([runOperations(metered, operations, { onProgress }), death]);
    // Programs live on when netloom dies; the next netloom waits for them (they hold the lock).
    while (inFlight.size > 0) await Promise.allSettled(inFlight);
    return { effects, outcomes };
  } finally {
    restore();
  }
}

const WATCHED = /^\/(etc\/netns|run\/netloom|run\/netns|proc\/sys)(\/|$)/;

/** What of node:fs changes something, by the place of the path or descriptor among its arguments, which is always the first. */
const CHANGING = [
  'writeFileSync',
  'writeSync',
  'ftruncateSync',
  'fchmodSync',
  'mkdirSync',
  'mkdtempSync',
  'rmdirSync',
  'unlinkSync',
  'rmSync',
  'renameSync',
] as const;

/** Lets node:fs ask the meter before it changes one of the files that netloom writes; returns what puts it back. */
function meterFiles(meter: Meter): () => void {
  // The one place where built-in modules are changed: every import of theirs sees it until it is put back.
  const fs = nodeFs as unknown as Record<string, (...args: unknown[]) => unknown>;
  const saved = new Map<string, (...args: unknown[]) => unknown>();
  const descriptors = new Set<unknown>();
  const watch = (name: string, isChange: (args: readonly unknown[]) => boolean, then?: (result: unknown) => void): void => {
    const original = fs[name];
    if (original === undefined) throw new Error(`node:fs has no ${name}`);
    saved.set(name, original);
    fs[name] = (...args) => {
      if (isChange(args) && meter.happens([`file ${name.replace(/Sync$/, '')}`]) === 0) {
        throw Object.assign(new Error(`EIO: injected, ${name}`), { code: 'EIO' });
      }
      const result = original.apply(nodeFs, args);
      then?.(result);
      return result;
    };
  };
  const isWatched = ([first]: readonly unknown[]): boolean => (typeof first === 'string' ? WATCHED.test(first) : descriptors.has(first));
  const { O_CREAT, O_TRUNC } = nodeFs.constants;
  let opened = false;
  for (const name of CHANGING) {
    // A directory that is there already is not made again.
    watch(name, (args) => isWatched(args) && !(name === 'mkdirSync' && nodeFs.existsSync(String(args[0]))));
  }
  watch(
    'openSync',
    (args) => {
      opened = isWatched(args);
      return opened && (Number(args[1]) & (O_CREAT | O_TRUNC)) !== 0;
    },
    (fd) => void (opened && descriptors.add(fd)),
  );
  watch('closeSync', ([fd]) => {
    descriptors.delete(fd);
    return false;
  });
  syncBuiltinESMExports();
  return () => {
    for (const [name, original] of saved) fs[name] = original;
    syncBuiltinESMExports();
  };
}
