import type { Remark } from '../model/report.ts';
import type { Change } from '../model/resource.ts';
import type { WatchEvent } from '../model/watch.ts';
import { entriesOf } from './change/entries.ts';
import type { Describe, Entry } from './change/entry.ts';
import { changeJson, remarkJson, summaryJson } from './json.ts';
import { glyphs, type Style } from './style.ts';
import { duration, plural, visible } from './text.ts';

/** As many changes as one line still says one by one. */
const CHANGES_SHOWN = 3;

/** One line for people, without the time. */
export function renderWatchEvent(event: WatchEvent, describe: Describe, style: Style): string {
  const { colors } = style;
  switch (event.event) {
    case 'watching': {
      const what = event.topologies.length === 0 ? 'no topology yet' : event.topologies.join(', ');
      return `watching ${visible(what)} in ${plural(event.files.length, 'file')}`;
    }
    case 'unchanged':
      return `${event.topology}: in order`;
    case 'converged': {
      const word = event.repair ? colors.yellow('repaired') : colors.green('converged');
      return `${event.topology}: ${word} in ${duration(event.ms)}: ${changesText(event.changes, describe, style)}`;
    }
    case 'failed': {
      const left = event.remaining.length === 0 ? '' : `; still missing: ${changesText(event.remaining, describe, style)}`;
      return `${event.topology}: ${colors.red('failed')}, again in ${duration(event.retryMs)}: ${remarksText(event.errors)}${left}`;
    }
    case 'blocked':
      return `${event.topology}: ${colors.red('blocked')}, again in ${duration(event.retryMs)}: ${remarksText(event.blockers)}`;
    case 'waiting':
      return `${event.topology}: waiting: ${visible(event.holder.message)}`;
    case 'contested':
      return `${event.topology}: ${colors.red('contested')}: somebody keeps changing ${event.ids.join(', ')}; repaired only once in ${duration(event.retryMs)} from now on`;
    case 'invalid': {
      const keeps = event.keeps.length === 0 ? 'nothing of it is kept up' : `${event.keeps.join(', ')} is kept as it was`;
      return `${visible(event.file)}: ${colors.red('invalid')}; ${keeps}: ${remarksText(event.errors)}`;
    }
    case 'valid':
      return `${visible(event.file)}: valid again`;
    case 'unreadable':
      return `${colors.red('unreadable')}; everything is kept as it was: ${remarksText(event.errors)}`;
    case 'gone': {
      const then = event.prune
        ? 'it is removed once the file has stayed away'
        : `its network stays; \`netloom destroy ${event.topology}\` removes it`;
      return `${event.topology}: ${colors.yellow('its file is gone')} (${visible(event.file)}): ${then}`;
    }
    case 'pruned':
      return `${event.topology}: removed in ${duration(event.ms)}: ${changesText(event.changes, describe, style)}`;
    case 'held':
      return `${event.topology}: ${colors.yellow('held')}: ${visible(event.file)} has no namespaces any more; with --prune ${event.namespaces.join(', ')} would go`;
    case 'deaf':
      return `${colors.red('deaf')}: ${event.reasons.map(visible).join('; ')}`;
    case 'hearing':
      return 'hearing again';
    case 'stopped':
      return `stopped by ${event.signal}`;
  }
  return event satisfies never;
}

function changesText(changes: readonly Change[], describe: Describe, style: Style): string {
  const entries = entriesOf(changes, describe, style);
  const signs = glyphs(style);
  if (entries.length <= CHANGES_SHOWN) {
    return entries
      .map((entry) => [signs[entry.action], entry.kind, entry.subject, entry.detail].filter((word) => word !== '').join(' '))
      .join(', ');
  }
  const counted = (action: Entry['action']): number => changes.filter((change) => change.action === action).length;
  return (['create', 'update', 'replace', 'delete'] as const)
    .flatMap((action) => (counted(action) === 0 ? [] : [`${signs[action]} ${counted(action)}`]))
    .join(', ');
}

function remarksText(remarks: readonly Remark[]): string {
  const [first, ...rest] = remarks;
  if (first === undefined) return 'for no known reason';
  const place = first.file === undefined || first.line === undefined ? '' : `${first.file}:${first.line}:${first.column ?? 1} `;
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more)`;
  return `${visible(place + first.message)}${more}${first.hint ? `; ${visible(first.hint)}` : ''}`;
}

/** The same as one line of --json; `time` is ISO 8601. */
export function watchEventJson(event: WatchEvent, time: string): object {
  const { event: name, ...rest } = event;
  const fields = Object.entries(rest).map(([key, value]): [string, unknown] => {
    if (key === 'changes' || key === 'remaining') return [key, (value as readonly Change[]).map(changeJson)];
    if (key === 'errors' || key === 'blockers') return [key, (value as readonly Remark[]).map(remarkJson)];
    if (key === 'holder') return [key, remarkJson(value as Remark)];
    return [key, typeof value === 'number' ? Math.round(value) : value];
  });
  const summary = 'changes' in event ? { summary: summaryJson(event.changes) } : {};
  return { time, event: name, ...Object.fromEntries(fields), ...summary };
}
