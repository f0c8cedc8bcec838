import type { Origin } from '../../model/topology.ts';
import type { Cause, RuleRef, Spot, Trace, Tuple } from '../../model/trace.ts';

export const spotText = ({ namespace, device }: Spot): string => `${namespace}:${device}`;

/** `10.80.1.2:4711`, `[fd00::1]:80`, an address alone where there are no ports. */
const endText = (address: string, port: number | undefined): string => {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
};

export const sourceText = ({ source, sourcePort }: Tuple): string => endText(source, sourcePort);
export const destinationText = ({ destination, destinationPort }: Tuple): string => endText(destination, destinationPort);

/** `table inet netloom-shop, chain forward`. */
export const chainText = ({ family, table, chain, legacy }: RuleRef): string =>
  legacy
    ? `chain ${chain} of ${family === 'ip6' ? 'ip6tables' : 'iptables'}-legacy's table ${table}`
    : `chain ${chain} of table ${family} ${table}`;

export const ownerText = ({ owner, topology }: RuleRef): string =>
  owner === undefined ? '' : topology === undefined ? ` (${owner}'s)` : ` (netloom's, topology ${topology})`;

const commentOf = (rule: string): string | undefined => /comment "([^"]*)"/.exec(rule)?.[1];

/** `rule 12: oifname "br-web" drop`, or the policy. */
const ruleText = ({ rule, handle }: RuleRef): string =>
  rule === undefined ? 'by its policy' : `by its rule${handle === undefined ? '' : ` ${handle}`}: ${rule}`;

export interface Said {
  /** What is the matter: one sentence, without a full stop. */
  readonly what: string;
  /** What to do. */
  readonly cure: string;
}

/** A cause in words, with what to do about it. */
export function sayCause(cause: Cause, { flow }: Pick<Trace, 'flow'>): Said {
  const back = cause.leg === 'back' ? 'the answer does not come back: ' : '';
  const { what, cure } = say(cause, flow.destination);
  return { what: back + what, cure };
}

const inNamespace = (namespace: string, command: string): string =>
  namespace === 'host' ? command : `netloom exec ${namespace} -- ${command}`;

function say(cause: Cause, destination: string): Said {
  const { namespace } = cause;
  switch (cause.kind) {
    case 'link-down': {
      const down = cause.end ?? cause;
      const effect = cause.end ? `, so ${spotText(cause)} has no carrier` : '';
      return { what: `link down: ${spotText(down)} is down${effect}`, cure: inNamespace(down.namespace, `ip link set ${down.device} up`) };
    }
    case 'no-route': {
      const refusing = cause.type === undefined ? '' : `, but for one of type ${cause.type}`;
      return {
        what: `no route: ${namespace} has no route to ${cause.destination}${refusing}${cause.error ? ` (${cause.error})` : ''}`,
        cure: `look at its routes: ${inNamespace(namespace, 'ip route')}`,
      };
    }
    case 'forwarding-off':
      return {
        what: `forwarding off: ${namespace} is no router (${cause.sysctl} is 0), and what came in by ${cause.device} for ${destination} is not its own`,
        cure:
          namespace === 'host' ? `sysctl -w ${cause.sysctl}=1` : `\`forwarding: true\` for ${namespace} in the file, or another gateway`,
      };
    case 'reverse-path':
      return {
        what: `reverse path filter: ${namespace} would not answer ${cause.source} by ${cause.device}, and so takes nothing from it there`,
        cure: `give ${namespace} a route back by ${cause.device}, or set net.ipv4.conf.${cause.device}.rp_filter (and all) to 0`,
      };
    case 'dropped': {
      const comment = commentOf(cause.by.rule ?? '');
      const why = comment === undefined ? '' : ` ("${comment}")`;
      return {
        what: `dropped in ${namespace} by ${chainText(cause.by)}${ownerText(cause.by)}, ${ruleText(cause.by)}`,
        cure: cureOfDrop(cause.by, why, cause.origin),
      };
    }
    case 'no-neighbour':
      return sayNeighbour(cause);
    case 'duplicate-address': {
      const reached = cause.reached === undefined ? '' : `; it came to ${cause.reached}`;
      return {
        what: `duplicate address: ${cause.address} is held by ${cause.holders.map(spotText).join(' and ')}${reached}`,
        cure: 'take it from one of them',
      };
    }
    case 'no-listener': {
      const others = [...new Set(cause.listening)];
      const others_ = others.length === 0 ? '' : ` at that address, only at ${others.join(', ')}`;
      return {
        what: `nobody listens in ${namespace} on ${cause.protocol} port ${cause.port}${others_}`,
        cure: `start the service there; --serve tries the way with a listener for the moment`,
      };
    }
    case 'mtu': {
      const narrow = cause.narrow === undefined ? '' : ` at ${spotText(cause.narrow)}, whose mtu is ${cause.narrow.mtu}`;
      return {
        what: `mtu: small packets pass, packets of ${cause.size} bytes vanish${narrow}`,
        cure: 'give both ends of each link, and all of a bridge, one mtu',
      };
    }
    case 'lost': {
      const where = cause.device === undefined || cause.device === '' ? namespace : spotText({ namespace, device: cause.device });
      return {
        what: `lost at ${where}: ${cause.hint}`,
        cure: `look there for what netloom cannot see: ${inNamespace(namespace, 'nft list ruleset')}`,
      };
    }
    default:
      return cause satisfies never;
  }
}

const cureOfDrop = (by: RuleRef, why: string, origin: Origin | undefined): string => {
  const where = origin === undefined ? `in the file of ${by.topology}` : `at ${origin.file}:${origin.line}:${origin.column}`;
  if (by.owner === 'netloom') return `publish the port, or \`allow\` it ${where}${why}`;
  if (by.rule === undefined) return 'let it through in that chain, or change its policy';
  return `let it through in front of that rule${why}`;
};

function sayNeighbour({ namespace, device, address, role, holder, elsewhere, facing, by }: Cause & { kind: 'no-neighbour' }): Said {
  const answer = address.includes(':') ? 'no answer to neighbour discovery' : 'no ARP answer';
  const asked = `${answer}: ${namespace} asked on ${device} for ${address}`;
  if (elsewhere && facing?.namespace === namespace) {
    return {
      what: `${asked}, which ${spotText(elsewhere)} holds, behind ${facing.device}: two interfaces of ${namespace} claim that network, and its route points at ${device}`,
      cure: `take the address off ${spotText(facing)}, or make it a port of ${device}`,
    };
  }
  if (elsewhere && facing) {
    return {
      what: `${asked}; ${spotText(elsewhere)} holds it, on this link ${elsewhere.namespace} has ${facing.device}, and its route back does not point there`,
      cure: `take the address off ${spotText(facing)}, or make it a port of ${elsewhere.device}`,
    };
  }
  if (elsewhere) {
    return {
      what: `${asked}, which ${spotText(elsewhere)} holds, on another link`,
      cure: `look at what routes there: ${inNamespace(namespace, `ip route get ${address}`)}`,
    };
  }
  if (holder)
    return {
      what: `${asked}, and ${spotText(holder)}, which holds it, did not answer`,
      cure: `look at arp_ignore and filters in ${holder.namespace}`,
    };
  if (role === 'gateway')
    return {
      what: `wrong gateway: ${asked}, its gateway, and nobody holds it`,
      cure: `correct the route: ${inNamespace(namespace, 'ip route')}`,
    };
  if (role === 'translated') {
    const who = by === undefined ? '' : ` (${chainText(by)}${ownerText(by)})`;
    return {
      what: `translated to a dead address: ${asked}, and nobody holds it${who}`,
      cure: 'let the rule lead to an address that somebody holds',
    };
  }
  return { what: `${asked}, and nobody holds it`, cure: 'is the address right, and its holder up?' };
}
