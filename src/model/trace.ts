import type { Family } from './ip.ts';
import type { Listener, Snapshot } from './snapshot.ts';
import type { Origin } from './topology.ts';

export type TraceProtocol = 'tcp' | 'udp' | 'icmp';

/** What is to be followed. */
export interface TraceRequest {
  /** A namespace, `host`, `outside`, or an address. */
  readonly from: string;
  /** A namespace, `host`, or an address. */
  readonly to: string;
  readonly protocol: TraceProtocol;
  /** Of tcp and udp. */
  readonly port?: number;
  /** Absent: IPv4 where both have it, else IPv6. */
  readonly family?: Family;
  /** Opens a listener at the far end where there is none. */
  readonly serve: boolean;
  /** How long an answer is waited for. */
  readonly timeoutMs: number;
}

/** What of a packet decides about its way. */
export interface Tuple {
  readonly source: string;
  /** Of tcp and udp; of icmp the number of the echo. */
  readonly sourcePort?: number;
  readonly destination: string;
  /** Of tcp and udp. */
  readonly destinationPort?: number;
}

/** A probe: what is sent, and from where. */
export interface Flow extends Tuple {
  readonly namespace: string;
  readonly family: Family;
  readonly protocol: TraceProtocol;
  readonly timeoutMs: number;
  /** Sends beside the probe an echo whose whole packet is of so many bytes, and may not be cut into fragments. Absent: none. */
  readonly fullSize?: number;
}

/** The probe, what answers it, or an ICMP error about it. */
export type Leg = 'there' | 'back' | 'error';

export type Hook = 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'egress';

/** A packet of the probe was seen at one place. */
export interface Sighting {
  readonly what: 'seen';
  readonly namespace: string;
  readonly hook: Hook;
  /** Behind everything else that looks at packets there, and not in front of it. Always true of egress, false of ingress. */
  readonly last: boolean;
  /** The interface that it came in by; of egress, and of hooks that know no other, the one that it leaves through. */
  readonly device: string;
  readonly leg: Leg;
  readonly tuple: Tuple;
  /** The MAC that the frame is addressed to, where the kernel says it. */
  readonly mac?: string;
  /** Type and code of an ICMP error. */
  readonly icmp?: { readonly type: number; readonly code: number };
}

/** Somebody's rule, or the policy of somebody's chain, has decided about a packet of the probe. */
export interface Ruling {
  readonly what: 'ruled';
  readonly namespace: string;
  /** Of nft: `ip`, `ip6`, `inet`, `bridge`, `netdev`. */
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** In nft's words; absent: the policy. */
  readonly rule?: string;
  readonly handle?: number;
  readonly verdict: 'accept' | 'drop';
  readonly leg: Leg;
  /** In the tables of iptables-legacy, whose counters told. */
  readonly legacy?: true;
}

export type TraceEvent = Sighting | Ruling;

/** What came of a probe. `events` are in order within each namespace. */
export interface Observation {
  readonly answer: 'reachable' | 'refused' | 'unreachable';
  readonly reason?: string;
  readonly events: readonly TraceEvent[];
  /** The flow with the number that the probe was sent from. */
  readonly flow: Flow;
  /** What came of the echo of full size. */
  readonly full?: Observation;
}

/** What the kernel says where a packet would go. */
export type RouteAnswer =
  | {
      readonly found: true;
      readonly type: 'local' | 'unicast' | 'other';
      readonly device: string;
      readonly via?: string;
      readonly source?: string;
    }
  | { readonly found: false; readonly error: string };

export interface RouteQuestion {
  readonly namespace: string;
  readonly destination: string;
  readonly source?: string;
  /** The interface that it comes in by; absent: it is sent from here. */
  readonly incoming?: string;
}

export interface Neighbour {
  readonly mac?: string;
  /** `REACHABLE`, `STALE`, `FAILED`, `INCOMPLETE`, … */
  readonly states: readonly string[];
}

/** A listener with whose it is, where that can be seen. */
export type TraceListener = Listener;

/** Asks the host, sends probes and sees where they come by. */
export interface Tracer {
  /** Every namespace that has a name, the settings that decide about forwarding, and, where asked for, what others filter. */
  survey(filters: boolean, signal?: AbortSignal): Promise<Snapshot>;
  route(question: RouteQuestion): Promise<RouteAnswer>;
  neighbour(namespace: string, device: string, address: string): Promise<Neighbour | undefined>;
  /** A sysctl, by its path below /proc/sys; undefined where there is none. */
  setting(namespace: string, path: string): Promise<string | undefined>;
  listeners(namespace: string, port: number): Promise<readonly TraceListener[]>;
  /** Sends a probe while these interfaces are looked at; nothing of what that takes is left behind, however it ends. */
  probe(flow: Flow, places: ReadonlyMap<string, readonly string[]>, signal?: AbortSignal): Promise<Observation>;
  listen(namespace: string, protocol: 'tcp' | 'udp', port: number): Promise<void>;
  close(): Promise<void>;
}

/** An interface somewhere. */
export interface Spot {
  readonly namespace: string;
  readonly device: string;
}

/** One step of the way. What is not `seen` was looked up. */
export type Hop = {
  readonly namespace: string;
  readonly seen: boolean;
  /** Of the answer's way back. */
  readonly leg: Exclude<Leg, 'error'>;
} & (
  | { readonly kind: 'source'; readonly tuple: Tuple }
  | { readonly kind: 'route'; readonly destination: string; readonly device: string; readonly via?: string; readonly local: boolean }
  | { readonly kind: 'interface'; readonly device: string; readonly direction: 'in' | 'out'; readonly addresses: readonly string[] }
  /** `device` is a port of `bridge`. */
  | { readonly kind: 'port'; readonly device: string; readonly bridge: string; readonly direction: 'in' | 'out' }
  | { readonly kind: 'bridge'; readonly device: string }
  | { readonly kind: 'neighbour'; readonly device: string; readonly address: string; readonly mac?: string }
  | { readonly kind: 'rewrite'; readonly what: 'dnat' | 'snat'; readonly before: Tuple; readonly after: Tuple; readonly by?: RuleRef }
  | { readonly kind: 'filter'; readonly hook: 'forward' | 'input' | 'output' }
  | { readonly kind: 'uplink'; readonly device: string }
  | { readonly kind: 'listener'; readonly protocol: TraceProtocol; readonly port?: number; readonly process?: string }
);

/** A rule, or a chain's policy, and whose it is. */
export interface RuleRef {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** Absent: the chain's policy. */
  readonly rule?: string;
  readonly handle?: number;
  readonly legacy?: true;
  /** `netloom`, `Docker`, `firewalld`, `ufw`, `libvirt`, `iptables`; absent: unknown. */
  readonly owner?: string;
  /** Whose topology, of netloom's. */
  readonly topology?: string;
}

/** Why it stops. */
export type Cause = {
  readonly namespace: string;
  readonly leg: Exclude<Leg, 'error'>;
} /** `end`: the one that is down, where it is not the device itself. */ & (
  | { readonly kind: 'link-down'; readonly device: string; readonly end?: Spot }
  /** `type`: a route that refuses. */
  | { readonly kind: 'no-route'; readonly destination: string; readonly error: string; readonly type?: string }
  | { readonly kind: 'forwarding-off'; readonly device: string; readonly sysctl: string }
  | { readonly kind: 'reverse-path'; readonly device: string; readonly source: string }
  /** `origin`: what of a topology file says so. */
  | { readonly kind: 'dropped'; readonly by: RuleRef; readonly origin?: Origin }
  /**
   * `role`: what the address is to the packet. `elsewhere`: who holds it, on another link than the one asked on; `facing`: the interface that stands
   * on that one's link here, or there on ours.
   */
  | {
      readonly kind: 'no-neighbour';
      readonly device: string;
      readonly address: string;
      readonly role: 'destination' | 'gateway' | 'translated';
      readonly holder?: Spot;
      readonly elsewhere?: Spot;
      readonly facing?: Spot;
      readonly by?: RuleRef;
    }
  | { readonly kind: 'duplicate-address'; readonly address: string; readonly holders: readonly Spot[]; readonly reached?: string }
  | { readonly kind: 'no-listener'; readonly protocol: TraceProtocol; readonly port: number; readonly listening: readonly string[] }
  /** `size`: of the packet that did not pass; `narrow`: where it does not fit. */
  | { readonly kind: 'mtu'; readonly size: number; readonly narrow?: Spot & { readonly mtu: number } }
  /** It is not known why: seen last at `device`. */
  | { readonly kind: 'lost'; readonly device?: string; readonly hint: string }
);

/** The way of one probe, as far as it went. */
export interface Trace {
  readonly request: TraceRequest;
  readonly flow: Tuple & { readonly namespace: string; readonly family: Family; readonly protocol: TraceProtocol };
  /** False: nothing was sent, all was looked up. */
  readonly sent: boolean;
  readonly arrives: boolean;
  readonly hops: readonly Hop[];
  readonly cause?: Cause;
  /** The namespace that it came to. */
  readonly reached?: string;
  /** What was answered to a packet of full size, where one was sent: its size, and the narrowest size that somebody on the way told of. */
  readonly full?: { readonly size: number; readonly passes: boolean; readonly told?: string };
  readonly notes: readonly string[];
  readonly ms: number;
}
