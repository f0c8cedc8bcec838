import type { Faults } from '../faults.ts';
import { createClaims } from './claims.ts';
import type { PlacedPublish } from './publishes.ts';

/** Reports host ports that are claimed twice. */
export function checkCollisions(publishes: readonly PlacedPublish[], faults: Faults): void {
  const claims = createClaims();
  for (const placed of publishes) claims.add(placed);
  for (const placed of publishes) {
    const rival = claims.rivalOf(placed);
    if (rival === undefined) continue;
    const { hostAddress, hostPort, protocol, interface: device } = placed.publish;
    const { line } = faults.origin(rival.path);
    const where = (hostAddress === undefined ? '' : ` on ${hostAddress}`) + (device === undefined ? '' : ` through ${device}`);
    const message = `port ${hostPort}/${protocol}${where} is also claimed at line ${line}, for ${rival.publish.namespace}`;
    faults.add(placed.path, 'E_PORT_COLLISION', message, 'one host port leads to one port: change one of them');
  }
}
