import type { Change, FieldChange } from '../../model/resource.ts';
import { glyphs, type Style } from '../style.ts';
import { visible } from '../text.ts';
import { endsOf } from './fold.ts';

/** Values longer than this say too little for the room they take; -v prints them whole. */
const LONG = 40;

/** Of a link's spec: what belongs to the end that does not name it. */
const FAR = 'far.';

type Edit = Extract<Change, { fields: unknown }>;

/** `mtu 1500 → 1400, stp off → on`. What changes alike on both ends of a link is said once. */
export function renderFields(change: Edit, style: Style): string {
  const said = (field: FieldChange): boolean =>
    change.fields.some(
      (near) =>
        FAR + near.path === field.path &&
        renderValue(near.before) === renderValue(field.before) &&
        renderValue(near.after) === renderValue(field.after),
    );
  const news = style.verbose ? change.fields : newsOf(change);
  return news
    .filter((field) => !said(field))
    .map((field) => renderField(field, change, style))
    .join(', ');
}

/** Of a link that has another peer now, everything else that says who it is has changed as well. */
const IDENTITY = /^(far\.)?(mac|altname|alias|group|name|namespace)$/;

function newsOf(change: Edit): readonly FieldChange[] {
  const news = change.kind === 'link' ? change.fields.filter(({ path }) => !IDENTITY.test(path)) : change.fields;
  return news.length > 0 ? news : change.fields;
}

function renderField(field: FieldChange, change: Edit, style: Style): string {
  const label = labelOf(field.path, change);
  const { arrow } = glyphs(style);
  if (Array.isArray(field.before) && Array.isArray(field.after)) {
    const lists = renderLists(field.before, field.after, arrow);
    if (change.kind === 'address') return lists;
    return lists.length > LONG && !style.verbose ? `${label} changed` : `${label} ${lists}`;
  }
  if (/(^|\.)up$/.test(field.path))
    return `${label.replace(/ ?up$/, '')} ${state(field.before)} ${arrow} ${state(field.after)}`.trimStart();
  const [before, after] = [renderValue(field.before), renderValue(field.after)];
  if (!style.verbose && (before.length > LONG || after.length > LONG)) return `${label} changed`;
  return `${label} ${before} ${arrow} ${after}`;
}

const state = (up: unknown): string => (up === true ? 'up' : 'down');

/** What left and what came: `172.30.1.2/24 → 172.30.1.3/24`, `-a -b +c`; `reordered` where the same stand in another order. */
function renderLists(before: readonly unknown[], after: readonly unknown[], arrow: string): string {
  const [old, now] = [before.map(renderValue), after.map(renderValue)];
  const [gone, come] = [old.filter((value) => !now.includes(value)), now.filter((value) => !old.includes(value))];
  if (gone.length === 1 && come.length === 1) return `${gone[0]} ${arrow} ${come[0]}`;
  return [...gone.map((value) => `-${value}`), ...come.map((value) => `+${value}`)].join(' ') || 'reordered';
}

/** `far.mtu` → `r1:eth0 mtu`: people know the ends of a link by name, and settings with dots. */
function labelOf(path: string, change: Edit): string {
  if (change.kind === 'sysctl') return visible(path.replaceAll('/', '.'));
  if (change.kind !== 'link' || !path.startsWith(FAR)) return visible(path);
  return visible(`${endsOf(change)[1] ?? 'other end'} ${path.slice(FAR.length)}`);
}

export function renderValue(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(renderValue).join(' ');
  return visible(typeof value === 'object' ? JSON.stringify(value) : String(value));
}
