import type { Graph, Mark, NodeKind } from './graph.ts';
import { FONTS, type FontName } from './measure.ts';

/** `auto` follows the reader's system (`prefers-color-scheme`). */
export type Theme = 'auto' | 'light' | 'dark';

export const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

interface Paint {
  readonly fill: string;
  readonly stroke: string;
}

export interface Palette {
  readonly page: string;
  readonly text: string;
  readonly muted: string;
  readonly wire: string;
  readonly cell: string;
  readonly neutral: Paint;
  readonly kinds: Readonly<Record<NodeKind, Paint>>;
  /** Of a mark's sign, border and line; `tint` fills its box. */
  readonly marks: Readonly<Record<'green' | 'amber' | 'purple' | 'red', { readonly ink: string; readonly tint: string }>>;
}

/** Every text has a contrast of 4.5 or more against what is behind it (WCAG 2.1, 1.4.3); a test computes it. */
export const PALETTES: Readonly<Record<'light' | 'dark', Palette>> = {
  light: {
    page: '#ffffff',
    text: '#1f2328',
    muted: '#57606a',
    wire: '#6e7781',
    cell: '#ffffff',
    neutral: { fill: '#ffffff', stroke: '#8c959f' },
    kinds: {
      host: { fill: '#f6f8fa', stroke: '#8c959f' },
      namespace: { fill: '#ecf5ff', stroke: '#2f81d7' },
      rack: { fill: '#ecf5ff', stroke: '#2f81d7' },
      bridge: { fill: '#e9f9ee', stroke: '#2da44e' },
      interface: { fill: '#ffffff', stroke: '#6e7781' },
      ports: { fill: '#fff6e0', stroke: '#bf8700' },
      outside: { fill: '#ffffff', stroke: '#8c959f' },
    },
    marks: {
      green: { ink: '#116329', tint: '#dafbe1' },
      amber: { ink: '#7d4e00', tint: '#fff3c4' },
      purple: { ink: '#6639ba', tint: '#f3eaff' },
      red: { ink: '#a40e26', tint: '#ffe9e7' },
    },
  },
  dark: {
    page: '#0d1117',
    text: '#e6edf3',
    muted: '#a2abb5',
    wire: '#8b949e',
    cell: '#0d1117',
    neutral: { fill: '#0d1117', stroke: '#6e7681' },
    kinds: {
      host: { fill: '#161b22', stroke: '#6e7681' },
      namespace: { fill: '#0f2541', stroke: '#4f9cf0' },
      rack: { fill: '#0f2541', stroke: '#4f9cf0' },
      bridge: { fill: '#0e2a18', stroke: '#3fb950' },
      interface: { fill: '#0d1117', stroke: '#8b949e' },
      ports: { fill: '#2e2408', stroke: '#d29922' },
      outside: { fill: '#0d1117', stroke: '#6e7681' },
    },
    marks: {
      green: { ink: '#56d364', tint: '#0f2d18' },
      amber: { ink: '#e3b341', tint: '#302403' },
      purple: { ink: '#d2a8ff', tint: '#2a1a45' },
      red: { ink: '#ff938a', tint: '#3d1215' },
    },
  },
};

/** The hue of each mark. */
export const INK: Readonly<Record<Mark, keyof Palette['marks']>> = {
  create: 'green',
  update: 'amber',
  replace: 'purple',
  delete: 'red',
  missing: 'red',
  drift: 'amber',
  down: 'red',
  extra: 'purple',
};

/** Names of fonts that every system has one of. */
const FAMILIES = {
  mono: 'ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace',
  sans: '"Helvetica Neue",Helvetica,Arial,"Liberation Sans","DejaVu Sans",sans-serif',
} as const;

/** The style sheet of one picture. Plain colours and no variables, which not every viewer of SVG knows. */
export function styleSheet(theme: Theme, says: Graph['says']): string {
  const base = (Object.keys(FONTS) as FontName[]).map((name) => {
    const { family, size, bold } = FONTS[name];
    return `.${name}{font:${bold ? 'bold ' : ''}${size}px ${FAMILIES[family]}}`;
  });
  const shapes = [
    'text{white-space:pre}',
    '.box,.cell{stroke-width:1.5}',
    '.host>.box,.outside>.box,.flow{stroke-dasharray:6 4}',
    '.wire{fill:none;stroke-width:1.5;stroke-linejoin:round}',
    '.bundle>.wire{stroke-width:5;stroke-linecap:butt}',
    '.marked>.box,.marked>.cell,.marked>.wire{stroke-width:2.5}',
    '.delete>.box,.delete>.cell,.delete>.wire,.missing>.box,.missing>.cell,.missing>.wire{stroke-dasharray:5 3}',
  ];
  const [light, dark] = [coloursOf(PALETTES.light, says), coloursOf(PALETTES.dark, says)];
  const colours = theme === 'dark' ? dark : light;
  const other = theme === 'auto' ? [`@media (prefers-color-scheme:dark){${dark.join('')}}`] : [];
  return [...base, ...shapes, ...colours, ...other].join('\n');
}

function coloursOf(palette: Palette, says: Graph['says']): string[] {
  const paint = ({ fill, stroke }: Paint): string => `fill:${fill};stroke:${stroke}`;
  // In a plan colours mean changes and nothing else.
  const kinds = (Object.keys(palette.kinds) as NodeKind[]).map((kind) => {
    const isPlain = says === 'file' || kind === 'host' || kind === 'outside';
    return `.${kind}>.box{${paint(isPlain ? palette.kinds[kind] : palette.neutral)}}`;
  });
  const cellStroke = says === 'file' ? palette.kinds.namespace.stroke : palette.neutral.stroke;
  return [
    `.page{fill:${palette.page}}`,
    `text{fill:${palette.text}}`,
    `.caption,.note,.description{fill:${palette.muted}}`,
    `.wire{stroke:${palette.wire}}`,
    `.dot,.head{fill:${palette.wire}}`,
    ...kinds,
    `.cell{fill:${palette.cell};stroke:${cellStroke};stroke-opacity:.45}`,
    `.ports .cell{stroke:${says === 'file' ? palette.kinds.ports.stroke : palette.neutral.stroke}}`,
    `.label{fill:${palette.page}}`,
    `.inside>.label{fill:${palette.kinds.host.fill}}`,
    ...(Object.keys(INK) as Mark[]).flatMap((mark) => {
      const { ink, tint } = palette.marks[INK[mark]];
      return [
        `.${mark}>.box,.${mark}>.cell{fill:${tint};stroke:${ink};stroke-opacity:1}`,
        `.${mark}>.wire{stroke:${ink}}`,
        `.${mark}>.dot,.${mark}>.badge,text.${mark}{fill:${ink}}`,
        `.${mark}>.sign{fill:${palette.page}}`,
      ];
    }),
  ];
}
