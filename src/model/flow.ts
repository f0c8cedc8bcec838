import { type Cidr, contains, type Family, type Ip, parseCidr } from './ip.ts';

/** A rule about what is forwarded, as data. It speaks of the first packet of a connection; what is absent holds for all. */
export interface FlowRule {
  readonly verdict: 'accept' | 'drop';
  readonly incoming?: Interfaces;
  readonly outgoing?: Interfaces;
  /** Networks. */
  readonly sources?: readonly string[];
  readonly targets?: readonly string[];
  readonly protocol?: string;
  /** Of the target, first and last, both included. */
  readonly ports?: readonly (readonly [number, number])[];
  /** Target, protocol and port in nft's own language: `172.30.1.2 . tcp . 80`. */
  readonly services?: readonly string[];
  /** Only what was addressed to somebody else before it was translated. */
  readonly translated?: true;
}

export interface Interfaces {
  readonly names: readonly string[];
  /** Any but these. */
  readonly not?: true;
}

/** A connection that is forwarded: who began it, and where it leads after all translation. */
export interface Flow {
  readonly protocol: string;
  readonly source: Ip;
  readonly target: Ip;
  /** The target's; absent where the protocol has none. */
  readonly port?: number;
  readonly translated: boolean;
}

/** A network and the interface that leads there. */
export interface Direction {
  readonly to: string;
  readonly dev: string;
}

/** Tells whether rules, in order, let a connection begin; what none of them is about passes. */
export function judge(rules: readonly FlowRule[], directions: readonly Direction[]): (flow: Flow) => boolean {
  const interfaceOf = leadingTo(directions);
  const ready = rules.map((rule) => ({ rule, sources: rule.sources?.map(network), targets: rule.targets?.map(network) }));
  return (flow) => {
    const [incoming, outgoing] = [interfaceOf(flow.source), interfaceOf(flow.target)];
    const found = ready.find(
      ({ rule, sources, targets }) =>
        among(rule.incoming, incoming) &&
        among(rule.outgoing, outgoing) &&
        within(sources, flow.source) &&
        within(targets, flow.target) &&
        (rule.protocol === undefined || rule.protocol === flow.protocol) &&
        (rule.ports?.some(([first, last]) => flow.port !== undefined && first <= flow.port && flow.port <= last) ?? true) &&
        (rule.services?.some((service) => isService(service, flow)) ?? true) &&
        (rule.translated === undefined || flow.translated),
    );
    return found?.rule.verdict !== 'drop';
  };
}

/** By the longest prefix; undefined for what leads elsewhere. */
function leadingTo(directions: readonly Direction[]): (ip: Ip) => string | undefined {
  const sorted = directions.map(({ to, dev }) => ({ network: network(to), dev })).sort((a, b) => b.network.prefix - a.network.prefix);
  return (ip) => sorted.find((one) => contains(one.network, ip))?.dev;
}

const among = (wanted: Interfaces | undefined, dev: string | undefined): boolean =>
  wanted === undefined || (dev !== undefined && wanted.names.includes(dev)) !== (wanted.not ?? false);

const within = (networks: readonly Cidr[] | undefined, ip: Ip): boolean => networks?.some((one) => contains(one, ip)) ?? true;

function isService(service: string, { protocol, target, port }: Flow): boolean {
  const [address = '', ...rest] = service.split(' . ');
  return contains(network(address), target) && rest.join(' . ') === `${protocol} . ${port}`;
}

/** An address is a network of its own. */
function network(text: string): Cidr {
  const cidr = parseCidr(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
  if (cidr === undefined) throw new Error(`not a network: ${text}`);
  return cidr;
}

/** Everything of a family. */
export const ALL: Readonly<Record<Family, string>> = { ipv4: '0.0.0.0/0', ipv6: '::/0' };
