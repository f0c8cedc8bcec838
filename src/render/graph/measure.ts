import { widthOf } from '../text.ts';

/** How a text is set. Sizes are in the picture's own units, which are pixels at scale 1. */
export interface Font {
  readonly family: 'mono' | 'sans';
  readonly size: number;
  readonly bold: boolean;
}

export const FONTS = {
  title: { family: 'sans', size: 20, bold: true },
  description: { family: 'sans', size: 13, bold: false },
  caption: { family: 'sans', size: 10.5, bold: false },
  name: { family: 'mono', size: 14, bold: true },
  port: { family: 'mono', size: 12, bold: true },
  address: { family: 'mono', size: 12, bold: false },
  note: { family: 'sans', size: 11.5, bold: false },
} as const satisfies Record<string, Font>;

export type FontName = keyof typeof FONTS;

/** Advance of every character of the usual monospaced fonts (DejaVu, Liberation, Menlo, Consolas are within a tenth of it), in em. */
const MONO = 0.602;

/** Advances of Helvetica's printable ASCII, from its AFM file, in thousandths of an em. */
const SANS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278,
  278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
  667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556,
  556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/** A little air, since many systems have a wider font than Helvetica; and what bold adds. */
const SANS_AIR = 1.06;
const BOLD = 1.07;

/**
 * The width that a text is given in a picture. Whoever draws it must hold it to that (`textLength`): readers have other fonts than we know,
 * and no label may grow into its neighbour.
 */
export function textWidth(text: string, name: FontName): number {
  const { family, size, bold } = FONTS[name];
  if (family === 'mono') return round(widthOf(text) * MONO * size);
  let thousandths = 0;
  for (const character of text) thousandths += SANS[(character.codePointAt(0) ?? 0) - 0x20] ?? 600 * widthOf(character);
  return round((thousandths / 1000) * size * SANS_AIR * (bold ? BOLD : 1));
}

/** Two decimals are more than any screen shows; the text of a picture stays short and the same everywhere. */
export const round = (value: number): number => Math.round(value * 100) / 100;

/** The text in lines of at most `width`; a word that is longer is broken. */
export function wrap(text: string, width: number, name: FontName): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer, name) <= width) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = word;
      while (textWidth(line, name) > width && line.length > 1) {
        const kept = fitting(line, width, name);
        lines.push(kept);
        line = line.slice(kept.length);
      }
    }
  }
  return line === '' ? lines : [...lines, line];
}

function fitting(word: string, width: number, name: FontName): string {
  let kept = '';
  for (const character of word) {
    if (kept !== '' && textWidth(kept + character, name) > width) break;
    kept += character;
  }
  return kept;
}
