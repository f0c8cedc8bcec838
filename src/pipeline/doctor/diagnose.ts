import type { AuditLog } from '../../model/audit.ts';
import type { Blocker, Warning } from '../../model/errors.ts';
import { type Examination, type Finding, HEALTH_GROUPS, type HealthGroup } from '../../model/health.ts';
import { DOOMED_GROUP, LINK_GROUP } from '../../model/marks.ts';
import type { Confirmations } from '../../model/pending.ts';
import type { Plan } from '../../model/resource.ts';
import type { LinkState, Snapshot } from '../../model/snapshot.ts';
import { HOST, type Topology } from '../../model/topology.ts';
import { bad, doubtful, fine } from './finding.ts';
import { leftovers } from './leftovers.ts';
import { places } from './places.ts';
import { firewalls, services } from './services.ts';
import { settings } from './settings.ts';
import { kernel, privileges, programs } from './tools.ts';

/** What is known of a host. */
export interface Evidence {
  readonly examination: Examination;
  /** The host as every plan reads it, with its filters; or why it could not be read. */
  readonly snapshot: Snapshot | Blocker;
  readonly log: AuditLog;
  readonly confirmations: Confirmations;
  /** Plans whose blockers and warnings are told: of the topologies asked about. */
  readonly plans: readonly { readonly topology: Topology; readonly plan: Plan }[];
  /** The same of a topology that stands for all: of these, what is about the host and not about that topology. */
  readonly sample?: Pick<Plan, 'blockers' | 'warnings'>;
}

/** Whether a host is ready, and what is in the way; in the order of the groups. A pure function. */
export function diagnose({ examination, snapshot, log, confirmations, plans, sample }: Evidence): Finding[] {
  const ends = plans.reduce((sum, { topology }) => sum + 2 * topology.links.length + topology.bridges.length, 0);
  // What root's rights would change is told once, as those rights.
  const isRoot = examination.missingCapabilities.length === 0;
  const findings: Finding[] = [
    ...programs(examination.programs),
    ...kernel(examination),
    ...privileges(examination),
    ...places(examination.places, isRoot),
    ...settings(examination, ends, isRoot),
    ...('code' in snapshot
      ? unread(examination, snapshot)
      : [
          ...(snapshot.filters === undefined ? [] : firewalls(snapshot.filters)),
          ...services(examination, ownLinks(snapshot).length),
          ...leftovers(snapshot, log, confirmations, examination.lockedBy),
        ]),
    ...(sample === undefined ? [] : remarks(sample, groupOf, 'every topology')),
    ...plans.flatMap(({ plan }) => ofPlan(plan)),
  ];
  const rank = (finding: Finding): number => HEALTH_GROUPS.indexOf(finding.group);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}

/** Why the host could not be read; that it takes root's rights has been said. */
function unread({ missingCapabilities }: Examination, { code, message, hint }: Blocker): Finding[] {
  if (code !== 'E_PRIVILEGE' || missingCapabilities.length === 0) return [bad('firewalls', 'this host', { code, message, fix: hint })];
  const trouble = { code, message: 'without those privileges nobody can tell; nor of network services and leftovers', fix: hint };
  return [doubtful('firewalls', 'others', trouble)];
}

/** The host's links in our groups. */
export const ownLinks = (snapshot: Snapshot): LinkState[] =>
  (snapshot.namespaces.get(HOST)?.links ?? []).filter(({ group }) => group === LINK_GROUP || group === DOOMED_GROUP);

function ofPlan(plan: Plan): Finding[] {
  const found = remarks(plan, () => 'topologies', plan.topology);
  return found.length > 0 ? found : [fine('topologies', plan.topology, 'nothing is in its way')];
}

/** What a sample's blockers and warnings are about; undefined for what is only the sample's own trouble. */
function groupOf({ code }: Blocker | Warning): HealthGroup | undefined {
  switch (code) {
    case 'E_FORWARD_DROPPED':
      return 'firewalls';
    case 'E_RA_LOST':
    case 'W_NO_RESOLVER':
      return 'settings';
    default:
      return undefined;
  }
}

function remarks(
  { blockers, warnings }: Pick<Plan, 'blockers' | 'warnings'>,
  to: (remark: Blocker | Warning) => HealthGroup | undefined,
  subject: string,
): Finding[] {
  const put = (remark: Blocker | Warning, make: typeof bad): Finding[] => {
    const group = to(remark);
    const { code, message, hint } = remark;
    return group === undefined ? [] : [make(group, subject, { code, message, fix: hint ?? '' })];
  };
  return [...blockers.flatMap((blocker) => put(blocker, bad)), ...warnings.flatMap((warning) => put(warning, doubtful))];
}
