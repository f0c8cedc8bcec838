/** A bridge network of Docker's, as `docker network inspect` tells it. */
export interface EngineNetwork {
  readonly name: string;
  readonly driver: string;
  readonly internal: boolean;
  /** With their gateways, where they have one. */
  readonly subnets: readonly { readonly subnet: string; readonly gateway?: string }[];
  /** `com.docker.network.bridge.enable_icc` and the like. */
  readonly options: Readonly<Record<string, string>>;
  /** Those that run; in the order of their names. */
  readonly containers: readonly EngineContainer[];
}

/** A container on one network. */
export interface EngineContainer {
  readonly name: string;
  readonly mac: string;
  /** With prefix length. */
  readonly addresses: readonly string[];
  /** Further names on this network. */
  readonly aliases: readonly string[];
  readonly ports: readonly EnginePort[];
}

export interface EnginePort {
  readonly port: number;
  readonly protocol: string;
  readonly hostAddress: string;
  readonly hostPort: number;
}
