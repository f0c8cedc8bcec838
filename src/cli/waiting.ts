import { truncate } from '../render/text.ts';
import type { Context } from './context.ts';
import type { Host } from './host.ts';
import { BEGIN, SILENT_MS } from './progress.ts';

/** The host, with a line on the terminal that says what is waited for where an answer takes its time. */
export function waitingFor(host: Host, context: Context): Host {
  const { io, flags, err } = context;
  if (io.stderr.isTTY !== true || flags.quiet || flags.json || flags.plain) return host;
  const told = async <T>(text: string, work: Promise<T>): Promise<T> => {
    let shown = false;
    const timer = setTimeout(() => {
      shown = true;
      io.stderr.write(BEGIN + truncate(`  ${text}`, (err.width ?? 80) - 1, ''));
    }, SILENT_MS);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
      if (shown) io.stderr.write(BEGIN);
    }
  };
  const wrap = (inner: Host): Host => ({
    ...inner,
    plan: (topology, options) => told(`comparing ${topology.name} with this host`, inner.plan(topology, options)),
    planDestroy: (name, options) => told(`looking for what is ${name}'s on this host`, inner.planDestroy(name, options)),
    inventory: (options) => told('reading this host', inner.inventory(options)),
    exclusive: (work, patience) => inner.exclusive((locked) => work(wrap(locked)), patience),
  });
  return wrap(host);
}
