import { renderTitle } from './plan.ts';
import type { Style } from './style.ts';
import { align } from './table.ts';
import { plural } from './text.ts';

/** An address or a port that the file now says. */
interface Pin {
  readonly kind: 'address' | 'port';
  readonly subject: string;
  readonly value: string;
}

/** What was, or with `dry` would be, written into one file. `left`: how many places could not be. */
export function renderPins(
  topology: { readonly name: string; readonly file: string },
  pins: readonly Pin[],
  left: number,
  dry: boolean,
  style: Style,
): string {
  const title = renderTitle({ topology: topology.name, file: topology.file }, style);
  if (pins.length === 0)
    return `${title}\n  ${left === 0 ? 'nothing to pin: the file says every address and host port itself' : 'nothing was pinned'}`;
  const rows = align(
    pins.map(({ kind, subject, value }) => [kind, subject, value]),
    [],
    style,
  );
  const counted = (['address', 'port'] as const).flatMap((kind) => {
    const count = pins.filter((pin) => pin.kind === kind).length;
    return count === 0 ? [] : [plural(count, kind)];
  });
  return [title, ...rows.map((row) => `  ${row}`), `${counted.join(' and ')} ${dry ? 'would be pinned' : 'pinned'}`].join('\n');
}
