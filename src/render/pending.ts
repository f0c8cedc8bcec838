import type { Confirmations, Ended } from '../model/pending.ts';
import { duration, visible } from './text.ts';

/** What is pending, until when, and how to keep it. */
export function pendingText({ pending, guard, leftMs = 0 }: Confirmations): string {
  if (pending === undefined) return '';
  const names = pending.topologies.map(({ before }) => before.topology).join(', ');
  const by = visible(`armed by process ${pending.pid} (netloom ${pending.argv.join(' ')})`);
  if (guard === undefined)
    return `${names}: the guard has died, nobody will go back: keep it with \`netloom confirm\`, or go back with --revert; ${by}`;
  if (leftMs <= 0) return `${names}: the time was over at ${localTime(pending.deadline.time)}, and it goes back now; ${by}`;
  return `${names}: goes back at ${localTime(pending.deadline.time)} (in ${duration(leftMs)}) unless confirmed: netloom confirm; ${by}, guarded by process ${guard}`;
}

/** How the last one has ended. */
export function endedText({ topologies, ending, time, remaining, errors }: Ended): string {
  const text = `${topologies.join(', ')}: `;
  const at = localTime(time);
  switch (ending) {
    case 'confirmed':
      return `${text}confirmed at ${at}`;
    case 'withdrawn':
      return `${text}failed and rolled back at ${at}; there is nothing to confirm`;
    case 'reverted':
      return `${text}went back at ${at}: the host is as it was before`;
    case 'not-reverted':
      return visible(`${text}went back at ${at}, but not all of it: ${[...errors, ...remaining].join(', ')}`);
  }
  return ending satisfies never;
}

/** In the reader's own time zone: `14:23:05`, with the day where it is another one than in `time` itself. */
function localTime(time: string): string {
  const at = new Date(time);
  const two = (number: number): string => String(number).padStart(2, '0');
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
}

/** The body of `confirm --json`, and `confirmation` of `apply --json`. */
export const confirmationsJson = ({ pending, guard, leftMs, last }: Confirmations) => ({
  pending:
    pending === undefined
      ? null
      : {
          topologies: pending.topologies.map(({ before }) => before.topology),
          deadline: pending.deadline.time,
          leftMs: Math.max(0, Math.round(leftMs ?? 0)),
          pid: pending.pid,
          guard: guard ?? null,
          command: 'netloom confirm',
        },
  last:
    last === undefined
      ? null
      : { topologies: last.topologies, ending: last.ending, time: last.time, remaining: last.remaining, errors: last.errors },
});
