import type { Warning } from '../../model/errors.ts';
import { isWildcard } from '../../model/host-ports.ts';
import { FAMILIES, type Family } from '../../model/ip.ts';
import type { Operation } from '../../model/operation.ts';
import { operation } from '../../model/operations.ts';
import type { Change, Sides, View } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';
import { withoutConntrack } from '../../model/warnings.ts';
import { idOf, type PublishSpec } from './spec.ts';

export const publishChanges = (sides: Sides): Change<PublishSpec>[] =>
  sides.changes.filter((change): change is Change<PublishSpec> => change.kind === 'publish');

/**
 * Connections that go on by what was true before: a UDP client with a fixed source port would keep missing the new target. They are forgotten
 * when the rules are what they are to be, as a packet in between makes a new entry.
 */
export function staleConnections(change: Change<PublishSpec>, tableGoes: boolean): Operation[] {
  const specs = [...(change.action === 'create' ? [] : [change.before]), ...(change.action === 'delete' ? [] : [change.after])];
  const [spec] = specs;
  if (spec === undefined) return [];
  return FAMILIES.filter((family) => specs.some(({ target }) => target[family] !== undefined)).map((family) =>
    operation(
      change.id,
      tableGoes ? 'close' : 'settle',
      {
        do: 'conntrack-flush',
        namespace: HOST,
        family,
        protocol: spec.protocol,
        hostPort: spec.hostPort,
        ...(spec.hostAddress === undefined || isWildcard(spec.hostAddress) ? {} : { hostAddress: spec.hostAddress }),
        // An entry does not tell through which interface it came: those of the same port on another one lead elsewhere.
        ...(spec.interface === undefined ? {} : { leadingTo: change.action === 'create' ? [] : targetIn(change.before, family) }),
      },
      1,
    ),
  );
}

const targetIn = ({ target, port }: PublishSpec, family: Family) => {
  const address = target[family];
  return address === undefined ? [] : [{ address, port }];
};

/** Without the tool all else works: it is a warning, and says what does not. */
export function unflushed(changes: readonly Change<PublishSpec>[], { snapshot }: View): Warning[] {
  if (snapshot.hasConntrack || changes.length === 0) return [];
  const ports = changes.map((change) => idOf(change.action === 'delete' ? change.before : change.after).slice('publish:'.length));
  const list = `${ports.slice(0, 3).join(', ')}${ports.length > 3 ? ` and ${ports.length - 3} more` : ''}`;
  return [
    withoutConntrack(
      `whoever uses ${list} now keeps going where it led before, until the connection ends (a UDP client with a fixed port: as long as it sends)`,
    ),
  ];
}
