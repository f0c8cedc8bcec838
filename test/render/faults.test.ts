import { expect, test } from 'vitest';
import type { Fault } from '../../src/model/errors.ts';
import { renderFaults } from '../../src/render/faults.ts';
import { PLAIN, styleOf } from '../../src/render/style.ts';

const faultAt = (line: number, column: number, length: number, rest: Partial<Fault> = {}): Fault => ({
  code: 'E_MTU_RANGE',
  message: 'mtu 60 is below 68, the least that IPv4 allows',
  origin: { file: 'lab.yaml', line, column },
  length,
  ...rest,
});

const render = (faults: readonly Fault[], source: string, style = PLAIN) => renderFaults(faults, new Map([['lab.yaml', source]]), style);

/** The text that the caret stands under. */
function pointedAt(text: string): string {
  const [, quoted = '', caret = ''] = text.split('\n');
  return quoted.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1);
}

test('a fault is a place, a code, a sentence, the line with a caret, and what to do', () => {
  const source = 'bridges:\n  br-web: { mtu: 60 }\n';
  expect(render([faultAt(2, 18, 2, { hint: 'leave it out, or give 68 or more' })], source)).toMatchInlineSnapshot(`
    "lab.yaml:2:18 E_MTU_RANGE  mtu 60 is below 68, the least that IPv4 allows
        2 |   br-web: { mtu: 60 }
          |                  ^^
       leave it out, or give 68 or more"
  `);
});

test('faults are grouped by file, in the order of the lines', () => {
  const other = { ...faultAt(1, 1, 4), origin: { file: 'b.yaml', line: 1, column: 1 } };
  expect(render([faultAt(2, 1, 1), other, faultAt(1, 1, 1)], 'a: 1\nb: 2')).toMatchInlineSnapshot(`
    "lab.yaml:1:1 E_MTU_RANGE  mtu 60 is below 68, the least that IPv4 allows
        1 | a: 1
          | ^
    lab.yaml:2:1 E_MTU_RANGE  mtu 60 is below 68, the least that IPv4 allows
        2 | b: 2
          | ^

    b.yaml:1:1 E_MTU_RANGE  mtu 60 is below 68, the least that IPv4 allows"
  `);
});

test.each([
  ['tabs', 'a:\tmtu: 60', 4, 3, 'mtu'],
  ['the end of a line', 'mtu:', 5, 1, ''],
  ['a length past the end', 'x: 60', 4, 99, '60'],
  ['CRLF', 'x: 60\r', 4, 2, '60'],
])('the caret is right with %s', (_, source, column, length, culprit) => {
  expect(pointedAt(render([faultAt(1, column, length)], source))).toBe(culprit);
});

test('combining characters take none', () => {
  const [, quoted = '', caret = ''] = render([faultAt(1, 7, 3)], 'e\u0301e\u0301: mtu').split('\n');
  expect(caret.indexOf('^')).toBe(quoted.indexOf('mtu') - 2);
});

test('wide characters take two columns', () => {
  const [, quoted = '', caret = ''] = render([faultAt(1, 5, 3)], '\u8def\u7531: mtu').split('\n');
  // Two ideographs are two columns more than they are characters.
  expect(caret.indexOf('^')).toBe(quoted.indexOf('mtu') + 2);
});

test('a file cannot send escape sequences, nor turn the text around', () => {
  const hostile = 'name: "\u001b[31m\u202e\u0007\u009b" # x';
  const text = render([faultAt(1, 8, 3, { message: `not a name: ${hostile}`, hint: hostile })], hostile);
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  expect(text).toContain('\\x1b[31m\\u{202e}\\x07\\x9b');
});

test('long lines are cut to a window around the culprit', () => {
  const source = `${'a'.repeat(5000)} mtu ${'b'.repeat(5000)}`;
  const style = styleOf({ env: { LANG: 'C.UTF-8' }, terminal: true, columns: 60 });
  const text = render([faultAt(1, 5002, 3)], source, { ...style, colors: PLAIN.colors });
  // The message takes two lines here.
  expect(pointedAt(text.slice(text.indexOf('\n') + 1))).toBe('mtu');
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
});

test('a fault without its text is said without its line', () => {
  expect(renderFaults([faultAt(3, 1, 1)], new Map(), PLAIN)).toBe(
    'lab.yaml:3:1 E_MTU_RANGE  mtu 60 is below 68, the least that IPv4 allows',
  );
});
