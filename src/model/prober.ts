import type { Family } from './ip.ts';

/** One attempt to reach an address from a namespace. */
export interface Probe {
  /** `host` for the host's own. */
  readonly namespace: string;
  readonly kind: 'ping' | 'tcp' | 'udp';
  readonly address: string;
  readonly family: Family;
  /** Of tcp and udp. */
  readonly port?: number;
  /** The address to send from; absent: what the kernel chooses. */
  readonly from?: string;
  /** The port to send from, of ping the number of the echo; absent: what the kernel chooses. */
  readonly fromPort?: number;
  /** Of ping: bytes of the whole packet, which may then not be cut into fragments. */
  readonly size?: number;
  /** Of tcp: that it is connected is enough; nothing that the server may say is waited for. */
  readonly silent?: true;
  readonly timeoutMs: number;
}

export interface ProbeAnswer {
  readonly seen: 'reachable' | 'refused' | 'unreachable';
  /** What the kernel or the tool said, where there was no answer. */
  readonly reason?: string;
  /** The client's address as our own listener saw it. */
  readonly source?: string;
}

/** Sends probes from inside namespaces and listens there for them. */
export interface Prober {
  probe(probe: Probe, signal?: AbortSignal): Promise<ProbeAnswer>;
  /** Opens a listener on every address of the namespace; `taken`: somebody listens there already, which is as good. */
  listen(namespace: string, protocol: 'tcp' | 'udp', port: number): Promise<'listening' | 'taken'>;
  /** Ends every listener and helper. */
  close(): Promise<void>;
}
