import { expect, test } from 'vitest';
import { PALETTES, type Palette } from '../../../src/render/graph/theme.ts';

/** Relative luminance, WCAG 2.1. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

/** What is written on what. */
function pairs({ page, text, muted, cell, neutral, kinds, marks }: Palette): [string, string][] {
  const inks = Object.values(marks).map(({ ink }) => ink);
  const grounds = [
    page,
    cell,
    neutral.fill,
    ...Object.values(kinds).map(({ fill }) => fill),
    ...Object.values(marks).map(({ tint }) => tint),
  ];
  return [
    ...grounds.flatMap((ground): [string, string][] => [text, muted].map((ink) => [ink, ground])),
    // Marked texts stand on the page, in neutral boxes, in the host's, or in a box of any mark.
    ...[page, neutral.fill, kinds.host.fill, ...Object.values(marks).map(({ tint }) => tint)].flatMap((ground): [string, string][] =>
      inks.map((ink) => [ink, ground]),
    ),
  ];
}

test.each(Object.entries(PALETTES))('%s: every text has a contrast of 4.5 or more against what is behind it', (_, palette) => {
  expect(pairs(palette).filter(([ink, ground]) => contrast(ink, ground) < 4.5)).toEqual([]);
});

test.each(Object.entries(PALETTES))(
  '%s: every line has a contrast of 3 or more against the page and the host',
  (_, { page, kinds, wire }) => {
    expect([page, kinds.host.fill].filter((ground) => contrast(wire, ground) < 3)).toEqual([]);
  },
);
