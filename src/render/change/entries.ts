import type { Change } from '../../model/resource.ts';
import { glyphs, type Style } from '../style.ts';
import { byNature, visible } from '../text.ts';
import { collapse } from './collapse.ts';
import { type Describe, type Entry, nameOf, rankOf, specOf } from './entry.ts';
import { renderFields } from './fields.ts';
import { endsOf, type Folded, fold } from './fold.ts';
import { joinRanges } from './publish.ts';

const SHORT: readonly string[] = ['route', 'publish', 'share'];
const ACTIONS: readonly Change['action'][] = ['delete', 'replace', 'update', 'create'];

/** The lines of a plan, in reading order: by kind, then what goes before what comes, then by name. */
export function entriesOf(changes: readonly Change[], describe: Describe, style: Style): Entry[] {
  const folded = style.verbose ? changes.map((change): Folded => ({ change, parts: [] })) : fold(changes);
  const entries = folded
    .map((item) => entryOf(item, describe, style))
    .toSorted(
      (a, b) =>
        rankOf(a.kind) - rankOf(b.kind) ||
        byNature(a.kind, b.kind) ||
        ACTIONS.indexOf(a.action) - ACTIONS.indexOf(b.action) ||
        byNature(a.subject, b.subject) ||
        byNature(a.detail, b.detail),
    );
  return style.verbose ? entries : collapse(joinRanges(entries), style);
}

function entryOf(folded: Folded, describe: Describe, style: Style): Entry {
  const { change } = folded;
  const subject = subjectOf(change);
  const detail = detailOf(folded, describe, style);
  const note = noteOf(folded, describe);
  return {
    action: change.action,
    kind: change.kind,
    subject: visible(subject),
    // A file is described by its path alone, which is its name already.
    detail: detail === subject ? '' : visible(detail),
    ...(note === undefined ? {} : { note: visible(note) }),
    count: 1,
  };
}

/** Routes and publishes are known by their namespace: what else their ids say is said by `describe`. */
function subjectOf(change: Change): string {
  return change.kind === 'route' || change.kind === 'publish' ? change.namespace : nameOf(change);
}

function detailOf({ change, parts }: Folded, describe: Describe, style: Style): string {
  switch (change.action) {
    case 'create':
      return withAddresses(describe(change.kind, change.after), change, parts, describe);
    case 'delete':
      return withAddresses(describe(change.kind, change.before), change, parts, describe);
    case 'update':
    case 'replace': {
      const [before, after] = [describe(change.kind, change.before), describe(change.kind, change.after)];
      // Where a kind is one short value, both sides say more than field names.
      const plain = SHORT.includes(change.kind) && before !== after;
      if (plain) return `${before} ${glyphs(style).arrow} ${withoutShared(after, before)}`;
      // The subject alone does not say which one it is.
      return subjectOf(change) === nameOf(change) ? renderFields(change, style) : `${after} ${renderFields(change, style)}`;
    }
  }
  return change satisfies never;
}

/** `default via 10.0.0.2` after `default via 10.0.0.1` → `10.0.0.2`: what both begin with is said once. */
function withoutShared(text: string, said: string): string {
  const [words, known] = [text.split(' '), said.split(' ')];
  const differs = words.findIndex((word, index) => word !== known[index]);
  return words.slice(Math.max(0, differs)).join(' ');
}

/** Addresses stand before the attributes: `br-web 172.30.1.2/24 mtu 1500`, `10.0.13.1/30 to r1:eth0 10.0.13.2/30 mtu 1500`. */
function withAddresses(text: string, change: Change, parts: readonly Change[], describe: Describe): string {
  const far = change.kind === 'link' ? endsOf(change)[1] : undefined;
  const addressesOf = (ofFar: boolean): string =>
    parts
      .filter((part) => part.kind === 'address' && (nameOf(part) === far) === ofFar)
      .map((part) => describe(part.kind, specOf(part)))
      .join(' ');
  const [own, other] = [addressesOf(false), addressesOf(true)];
  const [where = '', attributes = ''] = splitAt(text, text.search(/(^|(?<= ))mtu \d/));
  const words = where.startsWith('to ') ? [own, where, other, attributes] : [where, own, other, attributes];
  return words.filter((word) => word !== '').join(' ');
}

const splitAt = (text: string, at: number): string[] => (at === -1 ? [text.trim()] : [text.slice(0, at).trim(), text.slice(at).trim()]);

/** What traffic notices, where it notices anything. */
function noteOf({ change, parts }: Folded, describe: Describe): string | undefined {
  if (change.action !== 'update' && change.action !== 'replace') return undefined;
  switch (change.impact) {
    case 'none':
      return undefined;
    case 'flap':
      return 'silent for a moment';
    case 'replace': {
      const addresses = parts
        .filter((part) => part.kind === 'address')
        .map((part) => describe(part.kind, specOf(part)).replaceAll(/\/\d+/g, ''));
      if (addresses.length === 0 && SHORT.includes(change.kind)) return 'replaced: away for a moment';
      const away = addresses.length > 0 ? addresses : change.kind === 'link' ? endsOf(change) : [nameOf(change)];
      return `replaced: ${away.join(', ')} ${away.length === 1 ? 'is' : 'are'} away meanwhile`;
    }
  }
  return change.impact satisfies never;
}
