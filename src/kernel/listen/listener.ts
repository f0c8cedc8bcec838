import { readFileSync } from 'node:fs';
import type { Interest, Listener, ListenerOptions, Sign } from '../../model/listener.ts';
import { createPrograms } from '../program.ts';
import { type Directories, watchDirectories } from './directories.ts';
import { startEngines } from './engines.ts';
import { parseNftEvent, parseRouteEvent } from './events.ts';
import { ensureIds, type Ids } from './ids.ts';
import { type Stream, type StreamOptions, startStream } from './stream.ts';
import { type Readings, takeTurn } from './turns.ts';

/** How often what emits no event is looked at; with the look itself this stays below 5 s. */
const TURN_MS = 4000;
/** What a look into a namespace costs of a processor (nsenter, sh, grep), and the share of a core that looks may take: turns become longer with many. */
const VISIT_MS = 1.5;
const TURN_SHARE = 0.004;
const TURN_MAX_MS = 60_000;
/** A monitor that was started listens for certain after this time. */
const STARTED_MS = 500;
/** Events of one change arrive within this time of each other. */
const QUIET_MS = 25;
const SETTLED_MAX_MS = 400;

const IP_MONITOR = ['ip', '-o', '-N', 'monitor', 'all-nsid', 'link', 'address', 'route', 'netconf', 'nsid'];
const NFT_MONITOR = ['nft', '-n', 'monitor', 'ruleset'];

/** The listener of the host that this process runs on: `ip monitor`, `nft monitor`, inotify, the engines' events, and turns for the rest. */
export function createListener({ onSign }: ListenerOptions): Listener {
  const run = createPrograms();
  const broken = new Map<string, string>();
  let index = indexOf([], new Map());
  let interests: readonly Interest[] = [];
  let readings: Readings = new Map();
  let engines: readonly Stream[] = [];
  let containers = '';
  let lastEvent = 0;
  let turn: NodeJS.Timeout | undefined;
  let closed = false;

  const emit = (sign: Sign): void => {
    if (!closed) onSign(sign);
  };
  const heard = (): void => {
    lastEvent = performance.now();
  };

  const onRoute = (line: string): void => {
    heard();
    for (const sign of index.signsOfRoute(line)) emit(sign);
  };
  const onNft = (line: string): void => {
    const whose = parseNftEvent(line);
    if (whose === undefined) return;
    heard();
    if (whose === 'everybody') emit({ lost: true, what: 'the chain DOCKER-USER' });
    else emit(whose === 'foreign' ? { what: "somebody else's nft rules" } : { ...whose, what: `nft table of ${whose.topology}` });
  };
  const options = (name: string, onLine: (line: string) => void): StreamOptions => ({
    onLine,
    // What they complain about is what they have missed (ENOBUFS): the rest of a change may never be said.
    onComplaint: (line) => emit({ lost: true, what: `${name}: ${line}` }),
    onState: (running, reason) => {
      if (running) broken.delete(name);
      else broken.set(name, reason);
      emit({ lost: true, what: running ? `${name} listens` : `${name} has ended: ${reason}` });
      // It runs, but has its socket only a moment later.
      if (running) setTimeout(() => emit({ lost: true, what: `${name} listens` }), STARTED_MS).unref();
    },
  });
  const streams = [
    startStream('ip monitor', IP_MONITOR, options('ip monitor', onRoute)),
    startStream('nft monitor', NFT_MONITOR, options('nft monitor', onNft)),
  ];
  const directories: Directories = watchDirectories((directory, entry) => {
    heard();
    for (const sign of index.signsOfPath(directory, entry)) emit(sign);
  });

  const look = async (): Promise<void> => {
    const now = await takeTurn(run, interests).catch(() => readings);
    if (closed) return;
    for (const [key, { topology, what, text }] of now) {
      const before = readings.get(key);
      if (before !== undefined && before.text !== text) emit({ topology, what });
    }
    readings = now;
    schedule();
  };
  const schedule = (): void => {
    clearTimeout(turn);
    const visits = interests.flatMap(({ sysctls, tables, attached }) => [...sysctls.keys(), ...tables, ...attached.keys()]).length;
    const ms = Math.max(TURN_MS, Math.min((visits * VISIT_MS) / TURN_SHARE, TURN_MAX_MS));
    if (visits > 0 && !closed) turn = setTimeout(() => void look(), ms).unref();
  };

  const followEngines = async (): Promise<void> => {
    const names = interests.flatMap(({ attached }) => [...attached.values()].flatMap((one) => ('container' in one ? [one.container] : [])));
    if (names.join() === containers) return;
    containers = names.join();
    await Promise.all(engines.map((one) => one.close()));
    engines = startEngines(
      names,
      options('container events', () => emit({ lost: true, what: 'a container' })),
    );
  };

  return {
    follow: async (next) => {
      interests = next;
      const namespaces = new Set(next.flatMap((one) => one.namespaces));
      try {
        index = indexOf(next, await ensureIds(run, namespaces));
        broken.delete('namespace ids');
      } catch (error) {
        broken.set('namespace ids', error instanceof Error ? error.message : String(error));
      }
      directories.follow(['/run/netns', '/etc/netns', ...[...namespaces].map((name) => `/etc/netns/${name}`)]);
      await followEngines();
      // As every turn: what has changed since the last one is told.
      await look();
    },
    settled: async () => {
      const started = performance.now();
      lastEvent = started;
      for (;;) {
        const now = performance.now();
        const rest = Math.min(lastEvent + QUIET_MS, started + SETTLED_MAX_MS) - now;
        if (rest <= 0) return;
        await new Promise((done) => setTimeout(done, rest));
      }
    },
    blind: () => [...broken].map(([name, reason]) => `${name}: ${reason}`),
    close: async () => {
      closed = true;
      clearTimeout(turn);
      directories.close();
      await Promise.all([...streams, ...engines].map((one) => one.close()));
    },
  };
}

/** Whose a place is, prepared once for the thousands of lines to come. */
function indexOf(interests: readonly Interest[], ids: Ids) {
  const byDevice = new Map<string, string>();
  // What is renamed keeps its number.
  const byIfindex = new Map<number, string>();
  const byNamespace = new Map<string, string>();
  for (const { topology, devices, namespaces } of interests) {
    for (const device of devices) {
      byDevice.set(device, topology);
      byIfindex.set(ifindexOf(device), topology);
    }
    byIfindex.delete(0);
    for (const namespace of namespaces) byNamespace.set(namespace, topology);
  }
  const ofNames = (names: readonly string[], what: (name: string) => string): Sign[] =>
    names.flatMap((name) => {
      const topology = byNamespace.get(name);
      return topology === undefined ? [] : [{ topology, what: what(name) }];
    });
  return {
    signsOfRoute: (line: string): Sign[] => {
      const place = parseRouteEvent(line);
      if (place === undefined) return [];
      if (place.in === 'id') return ofNames(ids.get(place.id) ?? [], (name) => `inside ${name}`);
      const topology = byIfindex.get(place.ifindex ?? 0) ?? byDevice.get(place.device ?? '');
      const what = `${place.device ?? 'a route'} of the host`;
      return topology === undefined ? [{ what }] : [{ topology, what }];
    },
    signsOfPath: (directory: string, entry: string | undefined): Sign[] => {
      const parts = [...directory.split('/').slice(3), ...(entry === undefined ? [] : [entry])];
      const [name] = parts;
      if (name === undefined) return [{ lost: true, what: directory }];
      const signs = ofNames([name], () => [directory, ...(entry === undefined ? [] : [entry])].join('/'));
      return signs.length > 0 ? signs : [{ what: directory }];
    },
  };
}

/** 0 where there is none. */
function ifindexOf(device: string): number {
  try {
    return Number(readFileSync(`/sys/class/net/${device}/ifindex`, 'utf8'));
  } catch {
    return 0;
  }
}
