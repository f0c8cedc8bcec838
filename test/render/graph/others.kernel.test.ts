import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { renderDot } from '../../../src/render/graph/dot.ts';
import type { Graph } from '../../../src/render/graph/graph.ts';
import { renderMermaid } from '../../../src/render/graph/mermaid.ts';
import { visible } from '../../../src/render/text.ts';
import { answer, askPage } from '../../support/chromium.ts';
import { edited, examples, fileGraph, hostile, planGraph, sixties } from './labs.ts';

const graphs: ReadonlyMap<string, Graph> = new Map([
  ...[...examples].map(([name, topology]) => [name, fileGraph(topology)] as const),
  ...[...sixties].slice(0, 2).map(([name, topology]) => [name, fileGraph(topology)] as const),
  ['edited', await planGraph(edited.after, edited.before)],
  ['hostile', hostile],
]);

/** Everything that a picture of the graph has to say. */
function textsOf({ nodes, edges }: Graph): string[] {
  const lines = [...nodes, ...edges, ...nodes.flatMap(({ ports, cells }) => [...ports, ...cells])].flatMap((part) => part.lines);
  const names = nodes.flatMap((node) => [node, ...node.ports, ...node.cells].map(({ name }) => name));
  return [...names.filter((name) => name !== 'host'), ...lines.map(({ text }) => text)].map(visible);
}

/** Without white space, which a renderer may break lines at. */
const bare = (text: string): string => text.replaceAll(/[\s\u00a0]/g, '');

const missingIn = (shown: string, graph: Graph): string[] => textsOf(graph).filter((text) => !bare(shown).includes(bare(text)));

test('mermaid: draws every graph as GitHub does, with every name and address, and takes nothing for its own', async () => {
  const library = join(import.meta.dirname, '../../../node_modules/mermaid/dist/mermaid.min.js');
  const sources = Object.fromEntries([...graphs].map(([name, graph]) => [name, renderMermaid(graph)]));
  const ask = `(async () => {
    // As GitHub has it: https://mermaid.js.org/config/usage.html#securitylevel
    mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', maxTextSize: 500000 });
    const drawn = {};
    for (const [name, source] of Object.entries(${JSON.stringify(sources).replaceAll('<', '\\u003c')})) {
      try {
        const { svg } = await mermaid.render('drawn', source);
        document.body.innerHTML = svg;
        drawn[name] = document.body.textContent;
      } catch (error) {
        drawn[name] = 'refused: ' + error;
      }
    }
    return { drawn, title: document.title };
  })()`;
  const page = await askPage(`<script src="file://${library}"></script><script>${answer(ask)}</script>`);
  const { drawn, title } = page as { drawn: Record<string, string>; title: string };
  expect(title).toBe('');
  for (const [name, graph] of graphs) expect({ name, missing: missingIn(drawn[name] ?? '', graph) }).toEqual({ name, missing: [] });
});

test('dot: Graphviz draws every graph without a warning, with every name and address', async () => {
  for (const [name, graph] of graphs) {
    const { stdout, stderr } = await execa('dot', ['-Tsvg'], { input: renderDot(graph) });
    const shown = [...stdout.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text).join('');
    expect({ name, stderr, missing: missingIn(decoded(shown), graph) }).toEqual({ name, stderr: '', missing: [] });
  }
});

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

const decoded = (text: string): string =>
  text.replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code, name) => (code ? String.fromCodePoint(Number(code)) : (NAMED[name] ?? '?')));
