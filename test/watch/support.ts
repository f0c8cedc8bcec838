import { createHash } from 'node:crypto';
import type { Listener, Sign } from '../../src/model/listener.ts';
import type { Report } from '../../src/model/report.ts';
import type { Change, Plan } from '../../src/model/resource.ts';
import type { Topology } from '../../src/model/topology.ts';
import type { WatchEvent } from '../../src/model/watch.ts';
import { remarksOfError } from '../../src/render/remark.ts';
import { loadTopology } from '../../src/topology/load.ts';
import type { Clock } from '../../src/watch/clock.ts';
import type { WatchedHost } from '../../src/watch/host.ts';
import { createWatch, type Watch } from '../../src/watch/loop.ts';
import type { Reading, Recorded } from '../../src/watch/reading.ts';

/** A clock that stands still until it is told to go on; `jump` moves it without anything becoming due in between. */
export interface TestClock extends Clock {
  /** Lets time pass, calling what becomes due, and lets everything that this sets off run. */
  pass(ms: number): Promise<void>;
  jump(ms: number): void;
}

export function testClock(): TestClock {
  let wall = 1_000_000;
  let real = 0;
  const timers = new Set<{ at: number; call: () => void }>();
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
  };
  return {
    now: () => wall,
    after: (ms, call) => {
      const timer = { at: real + ms, call };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    pass: async (ms) => {
      const end = real + ms;
      await settle();
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers.delete(next);
        wall += next.at - real;
        real = next.at;
        next.call();
        await settle();
      }
      wall += end - real;
      real = end;
    },
    jump: (ms) => {
      wall += ms;
    },
  };
}

const change = (id: string): Change => ({
  kind: id.split(':')[0] ?? '',
  id: id as Change['id'],
  topology: 'lab',
  namespace: 'host',
  impact: 'none',
  action: 'create',
  after: {},
});

/** What the tests make of the world: what the files say, and what differs on the host. */
export interface World {
  text: string | undefined;
  unreadable: boolean;
  recorded: Recorded[];
  /** Ids that differ from the file now. */
  differs: string[];
  /** What applying brings: by default everything is put right. */
  apply: (plan: Plan) => Report | Promise<Report>;
  blockers: Plan['blockers'];
  looks: number;
  applies: number;
  destroyed: string[];
  sign(sign: Sign): void;
  fileChanged(): void;
}

export const PATH = '/srv/lab/lab.yaml';

export interface Started {
  readonly watch: Watch;
  readonly world: World;
  readonly clock: TestClock;
  readonly events: readonly WatchEvent[];
  /** Events so far, by name, and begins anew. */
  names(): string[];
  stop(): Promise<void>;
}

/** A watch of a world in memory, after its first round. */
export async function start(given: Partial<World> = {}, options: { prune?: boolean; resyncMs?: number } = {}): Promise<Started> {
  const clock = testClock();
  const events: WatchEvent[] = [];
  let told = 0;
  const world: World = {
    text: 'version: 1\nname: lab\nnamespaces: { a: }\n',
    unreadable: false,
    recorded: [],
    differs: ['bridge:br'],
    apply: (plan) => {
      world.differs = [];
      return reportOf(plan, 'converged');
    },
    blockers: [],
    looks: 0,
    applies: 0,
    destroyed: [],
    sign: () => {},
    fileChanged: () => {},
    ...given,
  };
  const stop = new AbortController();
  const watch = createWatch({
    host: hostOf(world),
    clock,
    read: async () => readingOf(world),
    listen: (onSign): Listener => {
      world.sign = onSign;
      return { follow: async () => {}, settled: async () => {}, blind: () => [], close: async () => {} };
    },
    watchFiles: (onChange) => {
      world.fileChanged = onChange;
      return { follow: async () => {}, close: async () => {} };
    },
    emit: (event) => events.push(event),
    remarksOf: remarksOfError,
    resyncMs: options.resyncMs ?? 0,
    prune: options.prune ?? false,
  });
  const ended = watch.run(stop.signal);
  // Who awaits `stop` hears of it.
  ended.catch(() => {});
  await clock.pass(0);
  return {
    watch,
    world,
    clock,
    events,
    names: () => {
      const names = events.slice(told).map(({ event }) => event);
      told = events.length;
      return names;
    },
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
}

const planOf = (world: World): Plan => {
  world.looks += 1;
  const changes = world.differs.map(change);
  const operations = changes.map(
    ({ id }) => ({ resource: id, phase: 'create', step: { do: 'file-delete', path: '/run/netloom/x' } }) as const,
  );
  return { topology: 'lab', changes, operations, blockers: world.blockers, warnings: [], before: [] };
};

export const reportOf = (plan: Plan, status: Report['status'], rest: Partial<Report> = {}): Report => ({
  plan,
  status,
  outcomes: [],
  remaining: [],
  warnings: [],
  ms: 1,
  ...rest,
});

function hostOf(world: World): WatchedHost {
  const host: WatchedHost = {
    plan: async () => planOf(world),
    planDestroy: async (name) => {
      world.destroyed.push(name);
      return { ...planOf({ ...world, differs: ['namespace:a'] }), topology: name };
    },
    apply: async (plan, { replan }) => {
      if (plan.blockers.length > 0) return reportOf(plan, 'blocked');
      world.applies += 1;
      const report = await world.apply(plan);
      await replan();
      return report;
    },
    holds: async () => world.text !== undefined,
    exclusive: (work) => work(host),
    recorded: async () => world.recorded,
  };
  return host;
}

function readingOf({ text, unreadable }: World): Reading {
  const places = ['/srv/lab'];
  if (unreadable) {
    const errors = new Map([['/srv/lab', { code: 'E_FILE_UNREADABLE', message: 'gone' }]]);
    return { files: new Map(), errors, places, directories: new Map() };
  }
  const content = (): { topology: Topology } | { errors: { code: string; message: string }[] } => {
    try {
      return { topology: loadTopology(text ?? '', PATH) };
    } catch {
      return {
        errors: [
          {
            code: 'E_YAML',
            message: `wrong ${createHash('sha1')
              .update(text ?? '')
              .digest('hex')}`,
          },
        ],
      };
    }
  };
  return { files: text === undefined ? new Map() : new Map([[PATH, content()]]), errors: new Map(), places, directories: new Map() };
}
