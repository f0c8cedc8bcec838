import { expect, test } from 'vitest';
import { renderJson } from '../../src/render/json.ts';
import { renderProgress } from '../../src/render/progress.ts';
import { PLAIN, speaksUnicode, styleOf } from '../../src/render/style.ts';
import { renderTable } from '../../src/render/table.ts';
import { byNature, duration, nearest, truncate, visible, widthOf } from '../../src/render/text.ts';

test.each([
  [{ LANG: 'en_US.UTF-8' }, true],
  [{ LANG: 'C.utf8' }, true],
  [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
  [{ LC_ALL: '', LC_CTYPE: 'C.UTF-8', LANG: 'C' }, true],
  [{}, false],
])('locale: %j speaks Unicode: %s', (env, expected) => {
  expect(speaksUnicode(env)).toBe(expected);
});

test.each([
  ['auto', true, {}, true],
  ['auto', false, {}, false],
  ['auto', true, { NO_COLOR: '1' }, false],
  ['auto', true, { NO_COLOR: '' }, true],
  ['auto', true, { TERM: 'dumb' }, false],
  ['always', false, { NO_COLOR: '1' }, true],
  ['never', true, {}, false],
])('colour: --color=%s, terminal %s, %j gives %s', (color, terminal, env, expected) => {
  expect(styleOf({ env, terminal, color }).colors.isColorSupported).toBe(expected);
  expect(styleOf({ env, terminal, color }).colors.red('x') !== 'x').toBe(expected);
});

test('visible: control characters are spelled out, letters of all scripts stay', () => {
  expect(visible('a\u001b[0m\r\n\t\u200b\ud800')).toBe('a\\x1b[0m\\r\\n\\t\\u{200b}\\u{d800}');
  expect(visible('z\u00fcrich \u6771\u4eac')).toBe('z\u00fcrich \u6771\u4eac');
});

test('widthOf: ideographs take two columns, combining marks none', () => {
  expect([widthOf('abc'), widthOf('\u6771\u4eac'), widthOf('e\u0301'), widthOf('\u{1f600}')]).toEqual([3, 4, 1, 2]);
});

test('truncate: keeps what fits, and never half a wide character', () => {
  expect(truncate('172.30.1.2/24', 8, '\u2026')).toBe('172.30.\u2026');
  expect(truncate('\u6771\u4eac\u6771', 4, '\u2026')).toBe('\u6771\u2026');
  expect(truncate('short', 8, '\u2026')).toBe('short');
});

test('byNature: numbers count as numbers', () => {
  expect(['pc10', 'pc2', 'a', 'pc02', 'pc'].toSorted(byNature)).toEqual(['a', 'pc', 'pc02', 'pc2', 'pc10']);
});

test('nearest: one slip in a short word, none in what is something else', () => {
  expect(nearest('web1', ['web01', 'db01'])).toBe('web01');
  expect(nearest('shpo', ['shop', 'lab'])).toBe('shop');
  expect(nearest('x', ['shop'])).toBeUndefined();
});

test.each([
  [0.44, '0.4 ms'],
  [420, '420 ms'],
  [1234, '1.2 s'],
  [59_000, '59 s'],
  [125_000, '2 min 5 s'],
])('duration: %d ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('table: empty columns are left out, and a terminal cuts the widest that may shrink', () => {
  const columns = [{ title: 'NAME' }, { title: 'NOTHING' }, { title: 'LONG', least: 6 }];
  const rows = [['web01', '', 'x'.repeat(50)]];
  expect(renderTable(columns, rows, { ...PLAIN, width: 24 })).toMatchInlineSnapshot(`
    "  NAME   LONG
      web01  xxxxxxxxxxxxxx…"
  `);
  expect(renderTable(columns, rows, PLAIN)).toContain('x'.repeat(50));
});

test('progress fits the terminal', () => {
  expect(renderProgress(7, 340, 'link:web01:eth0', { ...PLAIN, width: 20 })).toHaveLength(19);
});

test('JSON holds no control characters that a terminal acts on', () => {
  const text = renderJson({ name: '\u001b[31m\u009b' });
  expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(JSON.parse(text)).toEqual({ name: '\u001b[31m\u009b' });
});
