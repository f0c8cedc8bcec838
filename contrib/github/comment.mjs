// comment.mjs [FILE]: makes a comment in Markdown of what `netloom plan --json` has printed, from FILE or standard input.
import { readFileSync } from 'node:fs';

const SIGNS = { create: '+', update: '~', replace: '±', delete: '-' };
const WORDS = { create: 'to create', update: 'to change in place', replace: 'to replace', delete: 'to remove' };

/** GitHub takes 65,536 characters; long before that nobody reads on. */
const LINES_MAX = 200;
const TEXT_MAX = 15_000;

const plan = JSON.parse(readFileSync(process.argv[2] ?? 0, 'utf8'));
const remarks = [...plan.errors, ...plan.blockers].map(remark);
const warnings = plan.warnings.map(remark);
const lines = plan.changes.map(line);

const parts = [
  '### netloom plan',
  ...titled('In the way', remarks),
  summary(),
  ...(lines.length === 0
    ? []
    : [fenced(lines.length > LINES_MAX ? [...lines.slice(0, LINES_MAX), `… and ${lines.length - LINES_MAX} more`] : lines)]),
  ...titled('Warnings', warnings),
];
process.stdout.write(`${parts.join('\n\n')}\n`);

function summary() {
  const counts = Object.entries(WORDS).flatMap(([action, words]) => (plan.summary[action] > 0 ? [`${plan.summary[action]} ${words}`] : []));
  return counts.length === 0 ? 'No changes.' : `${counts.join(', ')}.`;
}

function line({ action, id, topology, fields, impact }) {
  const what = fields.map(field).join(', ');
  const note = impact === 'flap' ? '  (silent for a moment)' : '';
  return `${SIGNS[action]} ${topology}  ${id}${action === 'update' ? `  ${what}` : ''}${note}`;
}

/** As the plan's text does, without what nobody reads in a line: the text of a file, say. */
function field({ path, before, after }) {
  const [is, shouldBe] = [value(before), value(after)];
  const isLong = [is, shouldBe].some((text) => text.length > 80 || text.includes('\n'));
  return isLong ? `${path} changed` : `${path} ${is} → ${shouldBe}`;
}

function value(data) {
  return data === null ? 'none' : typeof data === 'object' ? JSON.stringify(data) : String(data);
}

function remark({ code, message, file, line }) {
  return `${file === null || file === undefined ? '' : `${file}:${line} `}${code} ${message}`;
}

function titled(title, texts) {
  return texts.length === 0 ? [] : [`**${title}**`, fenced(texts)];
}

/** In a fence that the text cannot close, whatever a file says. */
function fenced(texts) {
  const whole = texts.join('\n');
  const text = whole.length > TEXT_MAX ? `${whole.slice(0, TEXT_MAX)} …` : whole;
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${text}\n${fence}`;
}
