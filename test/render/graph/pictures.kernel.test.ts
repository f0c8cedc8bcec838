import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Graph } from '../../../src/render/graph/graph.ts';
import { place } from '../../../src/render/graph/layout.ts';
import { renderSvg } from '../../../src/render/graph/svg.ts';
import type { Theme } from '../../../src/render/graph/theme.ts';
import { answer, askPage } from '../../support/chromium.ts';
import { edited, examples, fileGraph, hostile, planGraph, sixties } from './labs.ts';

const SCRIPT = readFileSync(join(import.meta.dirname, 'faults-in-picture.js'), 'utf8');

const draw = async (graph: Graph, theme: Theme = 'auto'): Promise<string> => renderSvg(graph, await place(graph), theme);

/** What Chromium finds wrong with pictures, by name. Each stands in a tree of its own: their style sheets must not mix. */
async function faultsOf(pictures: Readonly<Record<string, string>>): Promise<unknown> {
  const hosts = Object.entries(pictures).map(
    ([name, svg]) => `<div data-name="${name}"><template shadowrootmode="open">${svg}</template></div>`,
  );
  const ask = `Object.fromEntries([...document.querySelectorAll('div')].map((host) => [host.dataset.name, faultsIn(host.shadowRoot.querySelector('svg'))]))`;
  return askPage(`${hosts.join('')}<script>${SCRIPT}\n${answer(ask)}</script>`);
}

const none = (names: Iterable<string>): object => Object.fromEntries([...names].map((name) => [name, []]));

async function drawAll(graphs: Iterable<readonly [string, Graph | Promise<Graph>]>): Promise<Record<string, string>> {
  const pictures: Record<string, string> = {};
  for (const [name, graph] of graphs) pictures[name] = await draw(await graph);
  return pictures;
}

test('svg: of every worked example no labels overlap, nothing is clipped, no line runs through a label', async () => {
  const pictures = await drawAll([...examples].map(([name, topology]) => [name, fileGraph(topology)] as const));
  expect(await faultsOf(pictures)).toEqual(none(examples.keys()));
});

test('svg: the same holds when everything is marked as new', async () => {
  const pictures = await drawAll(
    [...examples].filter(([name]) => !name.startsWith('attach')).map(([name, topology]) => [name, planGraph(topology)] as const),
  );
  expect(Object.keys(pictures).length).toBeGreaterThan(7);
  expect(await faultsOf(pictures)).toEqual(none(Object.keys(pictures)));
});

test('svg: the same holds for sixty namespaces, however they are connected', async () => {
  const pictures = await drawAll([...sixties].map(([name, topology]) => [name, fileGraph(topology)] as const));
  expect(await faultsOf(pictures)).toEqual(none(sixties.keys()));
});

test('svg: the same holds for what comes, changes and goes, and for names that are markup', async () => {
  const pictures = await drawAll([
    ['edited', planGraph(edited.after, edited.before)],
    ...[...sixties].slice(0, 2).map(([name, topology]) => [name, planGraph(topology)] as const),
    ['hostile', hostile],
  ]);
  expect(await faultsOf(pictures)).toEqual(none(Object.keys(pictures)));
});

test('svg: the measuring finds a label that was moved, one that is clipped, and one that is squeezed', async () => {
  const right = await draw(fileGraph(edited.after));
  const label = /(<g class="bridge">[\s\S]*?<text class="name" x=")([\d.]+)(" y="[\d.]+" textLength=")([\d.]+)/;
  expect(right).toMatch(label);
  const found = (await faultsOf({
    moved: right.replace(label, (_, head, x, middle, length) => `${head}${Number(x) + 300}${middle}${length}`),
    clipped: right.replace(label, (_, head, _x, middle, length) => `${head}-50${middle}${length}`),
    squeezed: right.replace(label, (_, head, x, middle, length) => `${head}${x}${middle}${Number(length) / 2}`),
  })) as Record<string, string[]>;
  expect(found.moved?.join()).toContain('leaves its box');
  expect(found.clipped?.join()).toContain('leaves the picture');
  expect(found.squeezed?.join()).toContain('wide instead of');
});

test('svg: a theme changes colours and nothing else, so that what holds for one holds for all', async () => {
  const colourless = (svg: string): string => svg.replace(/<style>[\s\S]*?<\/style>/, '');
  for (const graph of [...[...examples.values()].map(fileGraph), hostile]) {
    const [auto, ...others] = await Promise.all((['auto', 'light', 'dark'] as const).map((theme) => draw(graph, theme)));
    for (const other of others) expect(colourless(other)).toBe(colourless(auto ?? ''));
  }
});

test('svg: it is dark where the reader’s system is, unless a theme was asked for', async () => {
  const graph = hostile;
  const ask = `[...document.querySelectorAll('div')].map((host) => getComputedStyle(host.shadowRoot.querySelector('.page')).fill)`;
  const hosts = await Promise.all(
    (['auto', 'light', 'dark'] as const).map(
      async (theme) => `<div><template shadowrootmode="open">${await draw(graph, theme)}</template></div>`,
    ),
  );
  const page = `${hosts.join('')}<script>${answer(ask)}</script>`;
  const [white, black] = ['rgb(255, 255, 255)', 'rgb(13, 17, 23)'];
  expect(await askPage(page)).toEqual([white, white, black]);
  expect(await askPage(page, '--blink-settings=preferredColorScheme=0')).toEqual([black, white, black]);
});
