import { glyphs, type Style } from './style.ts';
import { truncate, visible } from './text.ts';

/** One line that fits the terminal: `  120/340  web01: addresses`. */
export function renderProgress(done: number, total: number, text: string, style: Style): string {
  const count = `${String(done).padStart(String(total).length)}/${total}`;
  return truncate(`  ${count}  ${visible(text)}`, (style.width ?? 80) - 1, glyphs(style).ellipsis);
}
