import { parseIp } from '../model/ip.ts';
import type { Trace, TraceProtocol, TraceRequest } from '../model/trace.ts';
import type { Context } from './context.ts';
import { usageError } from './failure.ts';
import { readSource } from './files.ts';

const PROTOCOLS: readonly TraceProtocol[] = ['tcp', 'udp', 'icmp'];

/** As `verify` waits for an answer. */
const TIMEOUT_MS = 2000;

/** Reads FROM and TO[:PORT][/PROTO]; IPv6 in brackets where a port follows. Throws HostError E_USAGE. */
export function parseRequest(from: string, to: string, { flags }: Pick<Context, 'flags'>): TraceRequest {
  if (flags.ipv4 && flags.ipv6) throw usageError('-4 and -6 exclude each other', 'an address tells its family by itself');
  const target = parseTarget(to);
  const family = flags.ipv4 ? ('ipv4' as const) : flags.ipv6 ? ('ipv6' as const) : undefined;
  const source = bare(from);
  if (!NAME.test(source) && !parseIp(source))
    throw usageError(`FROM ${from} is neither a namespace nor an address`, 'it is a namespace, host, outside, or an address');
  if (flags.serve && target.port === undefined) throw usageError('--serve needs a port to listen on', `write it behind the name: ${to}:80`);
  return {
    from: source,
    ...target,
    ...(family === undefined ? {} : { family }),
    serve: flags.serve === true,
    timeoutMs: flags.timeout ?? TIMEOUT_MS,
  };
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$/;
const FORM = 'TO is a namespace, host or an address, then :PORT and /tcp, /udp or /icmp: web01:80, [fd00::1]:53/udp';

const bare = (text: string): string => /^\[(.*)\]$/.exec(text)?.[1] ?? text;

function parseTarget(text: string): { readonly to: string; readonly protocol: TraceProtocol; readonly port?: number } {
  const [place = '', word, ...rest] = text.split('/');
  const protocol = word === undefined ? undefined : PROTOCOLS.find((one) => one === word);
  if (rest.length > 0 || (word !== undefined && protocol === undefined))
    throw usageError(`${text}: there is no protocol ${[word, ...rest].join('/')}`, `it is one of ${PROTOCOLS.join(', ')}`);
  // An address of IPv6 without brackets has no port.
  const [, inBrackets, name, digits] = parseIp(place)
    ? [undefined, undefined, place, undefined]
    : (/^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(place) ?? []);
  const to = inBrackets ?? name ?? '';
  if (to === '' || (inBrackets !== undefined && !to.includes(':')) || (!NAME.test(to) && !parseIp(to)))
    throw usageError(`${text} is no place to send to`, FORM);
  if (digits === undefined) {
    if (protocol === 'tcp' || protocol === 'udp')
      throw usageError(`${text}: ${protocol} needs a port`, `write it behind the name: ${place}:80/${protocol}`);
    return { to, protocol: 'icmp' };
  }
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65_535)
    throw usageError(`${text}: ${digits === '' ? 'the port is missing' : `${digits} is no port`}`, 'a port is a number from 1 to 65535');
  if (protocol === 'icmp') throw usageError(`${text}: icmp has no ports`, `leave one of them out: ${place.replace(/:\d+$/, '')}`);
  return { to, protocol: protocol ?? 'tcp', port };
}

/** The same with the line of the file that a rule of netloom's comes from: its comment begins with the bridge. */
export async function withOrigin(trace: Trace, { host, io }: Context): Promise<Trace> {
  const { cause } = trace;
  if (cause?.kind !== 'dropped' || cause.by.topology === undefined) return trace;
  const bridge = /comment "([^":]+):/.exec(cause.by.rule ?? '')?.[1];
  const file = await host.fileOf(cause.by.topology);
  if (file === undefined) return trace;
  try {
    const { loadTopology } = await import('../topology/load.ts');
    const origin = loadTopology(await readSource(file, io), file).bridges.find(({ name }) => name === bridge)?.origin;
    return origin === undefined ? trace : { ...trace, cause: { ...cause, origin } };
  } catch {
    return trace; // the file has gone, or is being edited
  }
}
