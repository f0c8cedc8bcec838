import type { Family } from './ip.ts';
import type { PerFamily } from './topology.ts';

/** Who else decides about what the host forwards. */
export interface FilterState {
  /** Docker's chain DOCKER-USER; absent where there is none. */
  readonly dockerUser: PerFamily<DockerUserState>;
  /** Base chains that drop what nothing in their table lets through, and DOCKER-USER where a rule in it does. */
  readonly drops: readonly DropState[];
  /** What others translate of that which is meant for the host; only where `Scope.ports` asks for ports. */
  readonly translations: readonly TranslationState[];
  /** Chains of others that see what is forwarded or translated: `table ip filter, chain FORWARD`. */
  readonly hooks: readonly string[];
}

export interface DockerUserState {
  /** Ours, in order. */
  readonly rules: readonly DockerUserRule[];
  /** Bridges that Docker (or libvirt) looks after by rules of its own. */
  readonly bridges: readonly string[];
  /** It stands in the tables of iptables-legacy. */
  readonly legacy?: true;
}

export interface DockerUserRule {
  readonly topology: string;
  readonly bridge: string;
  /** What comes from the bridge, or what goes to it. */
  readonly direction: 'in' | 'out';
  /** Only what goes on to this bridge of Docker's, which is left to Docker's own rules. */
  readonly past?: string;
  /** False: a rule in front of it takes everything. */
  readonly effective: boolean;
}

/** A rule of somebody else's that sends elsewhere what is meant for the host. What is absent holds for all. */
export interface TranslationState {
  readonly family: Family | 'inet';
  /** For people: `table ip nat`. */
  readonly table: string;
  readonly chain: string;
  /** As its tool prints it. */
  readonly rule: string;
  readonly protocols?: readonly string[];
  /** First and last, both included. */
  readonly ports?: readonly (readonly [number, number])[];
  /** Destination addresses and networks. */
  readonly addresses?: readonly string[];
  /** Interfaces that it comes in by; `br-*` stands for all that begin with `br-`. */
  readonly interfaces?: readonly string[];
}

export interface DropState {
  readonly family: Family | 'inet';
  /** In the tables of iptables-legacy, which nft does not see. */
  readonly legacy?: true;
  readonly table: string;
  readonly chain: string;
  /** `policy drop`, or the rule that does it. */
  readonly reason: string;
  /** Names of all chains of the table: they tell whose it is. */
  readonly neighbours: readonly string[];
  readonly passages: readonly Passage[];
}

/** Interfaces that a rule lets through; `br-*` stands for all that begin with `br-`. */
export interface Passage {
  readonly incoming?: readonly string[];
  readonly outgoing?: readonly string[];
}
