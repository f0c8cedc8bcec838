import { FORMAT_VERSION, inventoryJson, remarkJson, renderJson } from '../render/json.ts';
import { remarksOfError } from '../render/remark.ts';
import type { Watch } from '../watch/loop.ts';
import type { ListenAddress } from '../watch/onlookers/address.ts';
import type { Respond } from '../watch/onlookers/endpoint.ts';
import type { Vitals } from '../watch/onlookers/health.ts';
import type { Onlooker } from '../watch/onlookers/onlooker.ts';
import type { Pulse } from '../watch/onlookers/pulse.ts';
import type { WatchStatus } from '../watch/tracked.ts';
import type { Context } from './context.ts';
import { usageError } from './failure.ts';
import { versionText } from './version.ts';

/** What --listen asks for; undefined without it. Throws a usage error, also for what other machines could reach, unless that is wanted. */
export async function listenOf({ flags, io }: Context): Promise<ListenAddress | undefined> {
  if (flags.listen === undefined) {
    if (flags.listenRemote) throw usageError('--listen-remote is about --listen, which is not given', 'add --listen ADDRESS:PORT');
    return undefined;
  }
  if (flags.once) throw usageError('--once ends before anybody could ask: --listen has no effect', 'leave one of them out');
  const { isLocal, listenText, parseListen } = await import('../watch/onlookers/address.ts');
  const address = parseListen(flags.listen, io.cwd);
  if (address === undefined) {
    throw usageError(
      `--listen ${flags.listen} is neither an address with a port nor a socket`,
      'for example 127.0.0.1:9750, [::1]:9750, unix:/run/netloom/watch.sock',
    );
  }
  if (isLocal(address) || flags.listenRemote) return address;
  throw usageError(
    `other machines can reach ${listenText(address)}, and there is neither password nor encryption`,
    'listen on 127.0.0.1 or a unix socket, or add --listen-remote',
  );
}

/** How long one who asks waits for a look at the host. */
const READ_MS = 10_000;

const NOTHING: WatchStatus = { topologies: [], invalid: new Map(), unreadable: [], blind: [], rounds: 0 };

/** The local endpoint: /healthz, /status, /metrics. It answers from the beginning; `watch` gives undefined before there is one. Throws HostError E_LISTEN. */
export async function serve(address: ListenAddress, watch: () => Watch | undefined, pulse: Pulse, { host }: Context): Promise<Onlooker> {
  // prom-client and the server are not for those who do not listen.
  const [{ openEndpoint }, { createMetrics }, { healthOf, complaintText }, { shareRead }] = await Promise.all([
    import('../watch/onlookers/endpoint.ts'),
    import('../watch/onlookers/metrics.ts'),
    import('../watch/onlookers/health.ts'),
    import('../watch/onlookers/shared.ts'),
  ]);
  const startedAt = performance.timeOrigin;
  const metrics = createMetrics({ version: versionText(), startedAt });
  const inventory = shareRead(() => host.inventory(), READ_MS);
  let started = false;
  const vitals = (): Vitals => {
    // Whoever asks makes the loop show that it goes round; the answer is for the next one.
    void pulse.feel();
    return { status: watch()?.status() ?? NOTHING, started, silentMs: pulse.silentMs() };
  };

  const healthz: Respond = (accept) => {
    const { healthy, reasons, notes } = healthOf(vitals());
    const status = healthy ? 200 : 503;
    if (accept.includes('application/json'))
      return { status, type: 'application/json', body: `${renderJson({ healthy, reasons, notes })}\n` };
    return {
      status,
      type: 'text/plain',
      body: `${[...(healthy ? ['ok'] : []), ...[...reasons, ...notes].map(complaintText)].join('\n')}\n`,
    };
  };
  const status: Respond = async () => {
    const owned = await inventory
      .read()
      .catch((error: unknown) => ({ topologies: [], uplinks: [], drift: [], errors: remarksOfError(error), warnings: [] }));
    const body = {
      formatVersion: FORMAT_VERSION,
      ...inventoryJson({ formatVersion: FORMAT_VERSION, ...owned }),
      watch: { startedAt: isoOf(startedAt), ...statusJson(vitals().status), started },
      errors: owned.errors.map(remarkJson),
      warnings: owned.warnings.map(remarkJson),
    };
    return { status: owned.errors.length > 0 ? 503 : 200, type: 'application/json', body: `${renderJson(body)}\n` };
  };
  const metricsOf: Respond = async () => {
    const now = vitals();
    // What is owned changes only by a round, or is looked at in one: scraped again without one, the host need not be read again.
    const owned = started ? await inventory.readFor(now.status.rounds).catch(() => undefined) : undefined;
    return { status: 200, type: metrics.contentType, body: await metrics.text(now, owned) };
  };

  const endpoint = await openEndpoint(address, { '/healthz': healthz, '/status': status, '/metrics': metricsOf });
  return {
    said: (event) => {
      if (event.event === 'watching') started = true;
      metrics.said(event);
    },
    reconciled: metrics.reconciled,
    stopping: () => {},
    reloading: () => {},
    close: endpoint.close,
  };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

/** The `watch` section of /status: like every document of --json, with every field there. */
const statusJson = ({ topologies, invalid, unreadable, blind, rounds }: WatchStatus) => ({
  rounds,
  topologies: topologies.map(({ name, file, standing, failures, lastSuccess, contested, problems }) => ({
    name,
    file,
    standing,
    failures,
    lastSuccess: lastSuccess === undefined ? null : isoOf(lastSuccess),
    contested,
    problems: problems.map(remarkJson),
  })),
  invalid: [...invalid].map(([file, errors]) => ({ file, errors: errors.map(remarkJson) })),
  unreadable: unreadable.map(remarkJson),
  blind,
});
