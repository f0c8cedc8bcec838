import type { AuditEntry } from '../model/audit.ts';
import { glyphs, type Style } from './style.ts';
import { type Column, renderTable } from './table.ts';
import { duration, visible } from './text.ts';

/** One entry as JSON documents have it: every field, null where it has no value. */
export const auditJson = ({ who, git, file, digest, formatVersion: _, ...rest }: AuditEntry) => ({
  ...rest,
  who: {
    ...who,
    user: who.user ?? null,
    loginUid: who.loginUid ?? null,
    sudoUser: who.sudoUser ?? null,
    tty: who.tty ?? null,
    ssh: who.ssh ?? null,
  },
  file: file ?? null,
  digest: digest ?? null,
  git: git === undefined ? null : { commit: git.commit, dirty: git.dirty ?? null },
});

/** The audit trail as a table; under -v each entry with its changes and errors below it. */
export function renderAudit(entries: readonly AuditEntry[], style: Style): string {
  if (style.verbose) return entries.map((entry) => renderEntry(entry, style)).join('\n\n');
  const { red, green, dim } = style.colors;
  const columns: readonly Column[] = [
    { title: 'TIME', paint: dim },
    { title: 'WHO' },
    { title: 'DID' },
    { title: 'TOPOLOGY' },
    { title: 'OUTCOME', paint: (cell) => (/^(converged|unchanged)/.test(cell) ? green(cell) : red(cell)) },
    { title: 'CHANGES' },
    { title: 'TOOK' },
    { title: 'COMMIT' },
    { title: 'FILE', least: 12 },
  ];
  const rows = entries.map((entry) => [
    timeText(entry.time),
    whoText(entry),
    entry.command,
    entry.topology,
    entry.outcome,
    changesText(entry, style),
    duration(entry.ms),
    commitText(entry),
    entry.file ?? '',
  ]);
  return renderTable(columns, rows, style, '');
}

function renderEntry(entry: AuditEntry, style: Style): string {
  const { bold, dim, red } = style.colors;
  const signs = glyphs(style);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['by', actorText(entry)],
    ['command', ['netloom', ...entry.argv].join(' ')],
    ['file', entry.file],
    ['sha256', entry.digest],
    ['commit', commitText(entry, 40) || undefined],
    [
      'took',
      `${duration(entry.ms)}, ${entry.operations.done} operations done, ${entry.operations.failed} failed, ${entry.operations.skipped} skipped`,
    ],
  ];
  const { create, update, replace, delete: removed } = entry.summary;
  const more = create + update + replace + removed - entry.changes.length;
  return [
    `${timeText(entry.time)}  ${bold(visible(entry.topology))}  ${visible(entry.command)}: ${visible(entry.outcome)}`,
    ...facts.flatMap(([label, text]) => (text === undefined ? [] : [`  ${dim(label.padEnd(7))}  ${visible(text)}`])),
    ...entry.changes.map(({ action, id, fields }) => {
      const said = fields.map(({ path, before, after }) => `${path} ${before} ${glyphs(style).arrow} ${after}`).join(', ');
      return `  ${signs[action]} ${visible(`${id}  ${said}`.trimEnd())}`;
    }),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...entry.errors.map(({ code, message }) => `  ${red('error:')} ${visible(message)} (${visible(code)})`),
  ].join('\n');
}

/** `+13 ~1`; nothing where nothing was to change or nothing was tried. */
function changesText({ summary }: AuditEntry, style: Style): string {
  const signs = glyphs(style);
  return (['create', 'update', 'replace', 'delete'] as const)
    .flatMap((action) => (summary[action] > 0 ? [`${signs[action]}${style.words ? ' ' : ''}${summary[action]}`] : []))
    .join(' ');
}

/** In the reader's own time zone, to the second. */
function timeText(iso: string): string {
  const at = new Date(iso);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}

/** Who asked for it: behind a sudo its caller. */
const whoText = ({ who }: AuditEntry): string => who.sudoUser ?? who.user ?? String(who.uid);

function actorText({ who }: AuditEntry): string {
  const user = who.user ?? `uid ${who.uid}`;
  const said = [
    who.sudoUser && `sudo of ${who.sudoUser}`,
    who.loginUid === undefined ? undefined : `login ${who.loginUid}`,
    who.tty && `on ${who.tty}`,
    who.ssh && `from ${who.ssh}`,
    `pid ${who.pid}`,
  ];
  return `${user} (${said.filter(Boolean).join(', ')})`;
}

/** The commit, with `+` where the file differs from it, as `git describe --dirty` marks it. */
const commitText = ({ git }: AuditEntry, length = 8): string => (git ? git.commit.slice(0, length) + (git.dirty ? '+' : '') : '');
