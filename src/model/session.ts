/** How a remote session reaches this host: what it lives on, by the routing table of the moment. */
export interface Session {
  /** Where it comes from. */
  readonly peer: string;
  /** The host's address that it talks to; absent where the kernel would not say. */
  readonly local?: string;
  /** The next hop to the peer; absent where it is on the link. */
  readonly via?: string;
  /** The interface of the way there, and all that this one lives on: ports of a bridge, what lies below a VLAN. */
  readonly devices: readonly string[];
}
