import type { Remark } from '../model/report.ts';
import type { WatchEvent } from '../model/watch.ts';
import type { Clock } from './clock.ts';
import type { FileWatch } from './files.ts';
import type { Gone } from './gone.ts';
import type { WatchedHost } from './host.ts';
import { type Intent, intentOf, type Kept, type Reading } from './reading.ts';
import { type Tracked, track } from './tracked.ts';

export interface ContentOptions {
  readonly host: WatchedHost;
  readonly clock: Clock;
  readonly read: () => Promise<Reading>;
  readonly emit: (event: WatchEvent) => void;
  /** What is kept up, by name: brought up to date by every reading. */
  readonly tracked: Map<string, Tracked>;
  readonly gone: Gone;
  readonly files: FileWatch;
}

/** What the watched files say, and what is wrong with them. */
export interface Content {
  /** Reads them again. Returns the names of the topologies whose content or file is another one now. */
  read(): Promise<ReadonlySet<string>>;
  /** Every file that there is, by absolute path. */
  files(): readonly string[];
  /** Files that are wrong. */
  invalid(): ReadonlyMap<string, readonly Remark[]>;
  /** Places that cannot be listed. */
  unreadable(): readonly Remark[];
  /** Whether what seems to be gone cannot be in a file that is wrong or away. */
  certain(): boolean;
}

export function createContent({ host, clock, read, emit, tracked, gone, files }: ContentOptions): Content {
  let reading: Reading = { files: new Map(), errors: new Map(), places: [], directories: new Map() };
  let invalid: Intent['invalid'] = new Map();
  let certain = false;

  const reread = async (): Promise<Set<string>> => {
    const next = await read();
    const before = [...tracked.values()].map(({ topology, path }): Kept => ({ topology, path }));
    const intent = intentOf(next, before, await host.recorded());
    tellFiles(next, intent.invalid);
    [reading, invalid, certain] = [next, intent.invalid, intent.certain];
    const changed = new Set<string>();
    const order = new Map<string, Tracked>();
    for (const { topology, path } of intent.kept) {
      const one = tracked.get(topology.name) ?? track(topology, path);
      const isOther = one.topology.digest !== topology.digest;
      if (one.standing === 'new' || isOther || one.path !== path) changed.add(topology.name);
      Object.assign(one, { topology, path, ...(isOther ? { readAt: clock.now(), rest: undefined } : {}) });
      order.set(topology.name, one);
    }
    tracked.clear();
    for (const [name, one] of order) tracked.set(name, one);
    gone.update(intent.gone);
    await files.follow(next.directories);
    return changed;
  };

  const tellFiles = (next: Reading, wrong: Intent['invalid']): void => {
    const errors = [...next.errors.values()];
    const said = JSON.stringify([...reading.errors.values()]);
    if (errors.length > 0 && JSON.stringify(errors) !== said) emit({ event: 'unreadable', errors });
    for (const [file, { errors, keeps }] of wrong) {
      if (JSON.stringify(invalid.get(file)?.errors) !== JSON.stringify(errors)) emit({ event: 'invalid', file, errors, keeps });
    }
    for (const file of invalid.keys()) if (!wrong.has(file) && next.files.has(file)) emit({ event: 'valid', file });
  };

  return {
    read: reread,
    files: () => [...reading.files.keys()],
    invalid: () => new Map([...invalid].map(([file, { errors }]) => [file, errors])),
    unreadable: () => [...reading.errors.values()],
    certain: () => certain,
  };
}
