import { FAMILIES } from './ip.ts';
import type { PerFamily } from './topology.ts';

/** Who is meant by a published port, apart from protocol and port. */
export interface HostPortClaim {
  /** Absent, `0.0.0.0` or `::`: every address, of the families that `target` has. */
  readonly hostAddress?: string;
  /** Absent: whichever the packet comes in by. */
  readonly interface?: string;
  readonly target: PerFamily<unknown>;
}

/** Whether a host address stands for every one. */
export const isWildcard = (address: string | undefined): boolean => address === undefined || address === '0.0.0.0' || address === '::';

/** Whether one packet could be meant for both, protocol and port being the same: they share a family, an address and an interface. */
export function overlap(a: HostPortClaim, b: HostPortClaim): boolean {
  const either = (one: string | undefined, other: string | undefined): boolean => one === undefined || other === undefined || one === other;
  const address = ({ hostAddress }: HostPortClaim): string | undefined => (isWildcard(hostAddress) ? undefined : hostAddress);
  return (
    FAMILIES.some((family) => a.target[family] !== undefined && b.target[family] !== undefined) &&
    either(address(a), address(b)) &&
    either(a.interface, b.interface)
  );
}
