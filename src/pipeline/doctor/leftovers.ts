import type { AuditLog } from '../../model/audit.ts';
import type { Finding } from '../../model/health.ts';
import { DOOMED_GROUP, LINK_GROUP, parseAltname } from '../../model/marks.ts';
import { markOf } from '../../model/names.ts';
import type { Confirmations } from '../../model/pending.ts';
import { shellWord } from '../../model/shell-word.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { topologyOfTemporary } from '../../model/temporary.ts';
import { HOST } from '../../model/topology.ts';
import { bad, doubtful, fine } from './finding.ts';

/** What runs that were killed have left, and what is under way. Nothing here needs hands: the next run of the topology puts it right. */
export function leftovers(snapshot: Snapshot, log: AuditLog, { pending }: Confirmations, lockedBy: string | undefined): Finding[] {
  const found = [
    ...waiting(pending),
    ...(lockedBy === undefined ? [] : [locked(lockedBy)]),
    // While somebody is at work, what looks left over may be under way.
    ...(lockedBy === undefined ? [...remnants(snapshot), ...doomed(snapshot), ...temporaries(snapshot), ...unfinished(log)] : []),
  ];
  return found.length > 0 ? found : [fine('leftovers', 'crashed runs', 'nothing is left over, and nothing waits to be confirmed')];
}

function waiting(pending: Confirmations['pending']): Finding[] {
  if (pending === undefined) return [];
  const names = pending.topologies.map(({ before }) => before.topology).join(', ');
  return [
    bad('leftovers', names, {
      code: 'E_CONFIRM_PENDING',
      message: `waits to be confirmed until ${pending.deadline.time}; until then nothing else changes this host`,
      fix: 'netloom confirm; or go back: netloom confirm --revert',
    }),
  ];
}

const locked = (holder: string): Finding =>
  doubtful('leftovers', 'lock', {
    code: 'W_LOCKED',
    message: `this host is being changed by ${holder}`,
    fix: 'wait until it has ended, or end it',
  });

const again = (topology: string, { records }: Snapshot): string => {
  const file = records.get(topology)?.file;
  return `${file === undefined || file === '-' ? '' : `netloom apply ${shellWord(file)}; or remove it: `}netloom destroy ${topology}`;
};

/** Names under /run/netns that lead nowhere: `ip netns add` was killed. */
const remnants = (snapshot: Snapshot): Finding[] =>
  [...snapshot.names].flatMap(([name, inode]): Finding[] => {
    const owner = inode === undefined ? markOf(snapshot, name) : undefined;
    if (owner === undefined) return [];
    const message = `/run/netns/${name} of the topology ${owner} is a name without a namespace`;
    return [doubtful('leftovers', name, { code: 'W_LEFTOVER', message, fix: again(owner, snapshot) })];
  });

/** Links in our groups that nobody claims: made and not yet marked, or on their way out. */
const doomed = (snapshot: Snapshot): Finding[] =>
  (snapshot.namespaces.get(HOST)?.links ?? []).flatMap(({ ifname, group, altnames }): Finding[] => {
    const topology = altnames.map(parseAltname).find((parsed) => parsed !== undefined)?.topology;
    if (group === DOOMED_GROUP) {
      const fix = topology === undefined ? `ip link del ${ifname}` : again(topology, snapshot);
      return [doubtful('leftovers', ifname, { code: 'W_LEFTOVER', message: `${ifname} was about to be removed`, fix })];
    }
    if (group !== LINK_GROUP || topology !== undefined) return [];
    const message = `${ifname} was made by a netloom that was killed before it had marked it`;
    return [doubtful('leftovers', ifname, { code: 'W_LEFTOVER', message, fix: `apply its topology again; or: ip link del ${ifname}` })];
  });

const temporaries = (snapshot: Snapshot): Finding[] =>
  [...snapshot.files.keys()].flatMap((path): Finding[] => {
    const topology = topologyOfTemporary(path);
    if (topology === undefined) return [];
    return [
      doubtful('leftovers', path, {
        code: 'W_LEFTOVER',
        message: `a file half written, of the topology ${topology}`,
        fix: again(topology, snapshot),
      }),
    ];
  });

/** Of each topology the last thing that is on record: begun, and never ended. */
function unfinished({ entries }: AuditLog): Finding[] {
  const last = new Map(entries.map((entry) => [entry.topology, entry]));
  return [...last.values()].flatMap(({ topology, outcome, command, time, file }): Finding[] => {
    if (outcome !== 'begun') return [];
    const message = `a netloom ${command} of ${time} did not end: it was killed, or the machine went down`;
    const fix =
      file === undefined ? `netloom destroy ${topology}` : `netloom apply ${shellWord(file)}; or remove it: netloom destroy ${topology}`;
    return [doubtful('leftovers', topology, { code: 'W_LEFTOVER', message, fix })];
  });
}
