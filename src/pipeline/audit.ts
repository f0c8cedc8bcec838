import type { Actor, AuditChange, AuditEntry, Deed, GitState } from '../model/audit.ts';
import type { Change, FieldChange } from '../model/resource.ts';

/** So that one line stays small whatever the topology: about 100 KiB at the most. */
const MOST = { changes: 100, fields: 5, value: 80, words: 50, errors: 20, message: 500 } as const;

/** What is recorded of a deed. A pure function: who and where from are found out elsewhere. */
export function auditEntry(deed: Deed, who: Actor, git: GitState | undefined, version: string): AuditEntry {
  const { report } = deed;
  const plan = report?.plan ?? deed.plan;
  const changes = plan?.changes ?? [];
  const count = (action: Change['action']): number => changes.filter((change) => change.action === action).length;
  const ended = (status: string): number => report?.outcomes.filter((outcome) => outcome.status === status).length ?? 0;
  const errors = [...deed.errors, ...(plan?.blockers ?? [])];
  return {
    formatVersion: 1,
    time: deed.began.toISOString(),
    ms: Math.round(deed.ms),
    command: deed.command,
    argv: deed.argv.slice(0, MOST.words).map((word) => cut(word, MOST.message)),
    version,
    who,
    topology: deed.topology,
    ...(deed.file === undefined ? {} : { file: deed.file }),
    ...(deed.digest === undefined ? {} : { digest: deed.digest }),
    ...(git === undefined ? {} : { git }),
    outcome: report?.status ?? (plan === undefined ? 'refused' : deed.errors.length > 0 ? 'failed' : 'begun'),
    summary: { create: count('create'), update: count('update'), replace: count('replace'), delete: count('delete') },
    changes: changes.slice(0, MOST.changes).map(auditChange),
    operations: { done: ended('done'), failed: ended('failed'), skipped: ended('skipped') },
    errors: errors.slice(0, MOST.errors).map(({ code, message }) => ({ code, message: cut(message, MOST.message) })),
  };
}

const auditChange = (change: Change): AuditChange => ({
  action: change.action,
  id: change.id,
  fields: ('fields' in change ? change.fields : []).slice(0, MOST.fields).map(auditField),
});

const auditField = ({ path, before, after }: FieldChange) => ({ path, before: valueText(before), after: valueText(after) });

const valueText = (value: unknown): string => cut(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none'), MOST.value);

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text);

/**
 * One entry for each deed: that it was begun counts only where nothing says how it ended, since it is under way or was killed. `entries` in the
 * order in which they were written.
 */
export function settled(entries: readonly AuditEntry[]): AuditEntry[] {
  const keyOf = ({ time, topology, who }: AuditEntry): string => `${time} ${who.pid} ${topology}`;
  const ended = new Set(entries.filter(({ outcome }) => outcome !== 'begun').map(keyOf));
  return entries.filter((entry) => entry.outcome !== 'begun' || !ended.has(keyOf(entry)));
}
