import { describe, expect, test } from 'vitest';
import { loadTopology } from '../../src/topology/load.ts';
import { faultsOf } from './support.ts';

const HEAD = 'version: 1\nname: lab\n';
const NINE = (name: string) => Array.from({ length: 9 }, () => `*${name}`).join();

/** Nine to the power of nine values. */
const BOMB = `${HEAD}x-0: &a0 [1,1,1,1,1,1,1,1,1]\n${Array.from({ length: 8 }, (_, i) => `x-${i + 1}: &a${i + 1} [${NINE(`a${i}`)}]`).join('\n')}\n`;
const MERGE_BOMB = `${HEAD}x-0: &a0 { a: 1, b: 2 }\n${Array.from({ length: 40 }, (_, i) => `x-${i + 1}: &a${i + 1} { <<: *a${i}, k${i}: *a${i} }`).join('\n')}\n`;

// Of the processor, not of the clock: the machine may be busy with other tests. Alone, each takes well under a second.
const MS_MAX = 3000;

const usedMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

describe('hostile input ends soon, in clear words', () => {
  test.each([
    ['an alias bomb', BOMB, 'E_YAML_LIMIT'],
    ['a merge bomb', MERGE_BOMB, 'E_YAML_LIMIT'],
    ['an alias of itself', `${HEAD}x-a: &a [*a]\n`, 'E_YAML_LIMIT'],
    ['a merge of itself', `${HEAD}x-a: &a { <<: *a }\n`, 'E_YAML_LIMIT'],
    ['two megabytes', 'a'.repeat(2e6), 'E_ENCODING'],
    ['a megabyte of open brackets', '['.repeat(1e6), 'E_YAML_LIMIT'],
    ['half a megabyte of dashes', '- '.repeat(2e5), 'E_YAML_LIMIT'],
    ['deep indentation', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'E_YAML_LIMIT'],
    ['explicit keys within each other', '? '.repeat(2e5), 'E_YAML_LIMIT'],
    ['a flood of commas', `[${','.repeat(9e5)}]`, 'E_YAML_LIMIT'],
    ['a flood of directives', '%\n'.repeat(4e5), 'E_YAML_LIMIT'],
    ['a flood of broken text', '[]'.repeat(4e4), 'E_YAML'],
    ['a flood of anchors', '&a '.repeat(3e4), 'E_YAML'],
    ['a flood of documents', '---\n'.repeat(2e4), 'E_YAML_FEATURE'],
    ['a flood of keys', `${HEAD}${Array.from({ length: 2e4 }, (_, i) => `k${i}: 1`).join('\n')}`, 'E_UNKNOWN_KEY'],
    ['an endless range', `${HEAD}namespaces: { "a(1-999999999)": {} }`, 'E_RANGE'],
    ['many long ranges', `${HEAD}namespaces: { ${['a', 'b', 'c'].map((name) => `"${name}(1-16384)": {}`).join()} }`, 'E_YAML_LIMIT'],
    [
      'many long links',
      `${HEAD}namespaces: { "a(1-9999)": {} }\nlinks: [${'["a(1-9999):x", "host:v(1-9999)"],'.repeat(99)}]`,
      'E_YAML_LIMIT',
    ],
    ['NUL', 'version: 1\nname: \0lab', 'E_ENCODING'],
    ['invalid UTF-8', new Uint8Array([0x61, 0x3a, 0x0a, 0xc3, 0x28]), 'E_ENCODING'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x61, 0x00]), 'E_ENCODING'],
    ['an empty file', '', 'E_SHAPE'],
    ['a comment', '# nothing', 'E_SHAPE'],
    ['a list', '- a', 'E_SHAPE'],
    ['a word', 'hello', 'E_SHAPE'],
  ])('%s', (_what, source, code) => {
    const begun = usedMs();
    const faults = faultsOf(source);
    expect(faults[0]).toMatchObject({ code });
    expect(usedMs() - begun).toBeLessThan(MS_MAX);
    expect(faults.filter((fault) => fault.message.length > 400)).toEqual([]);
  });

  test('invalid UTF-8 is found where it stands', () => {
    expect(faultsOf(new Uint8Array([0x61, 0x3a, 0x0a, 0x20, 0xc3, 0x28]))[0]?.origin).toMatchObject({ line: 2, column: 2 });
  });

  test.each(['a/b', '..', '-a', 'a b', 'a;b', 'a%d', 'eth0*', 'ü', 'a\u202eb', 'lo', 'all', 'default'])(
    'the name %j is refused everywhere',
    (name) => {
      const quoted = JSON.stringify(name);
      const file = (body: string) => faultsOf(`${HEAD}${body}`).map(({ code }) => code);
      expect(file(`bridges: { ${quoted}: {} }`)).not.toEqual([]);
      expect(file(`namespaces: { a: {} }\nlinks: [[${JSON.stringify(`a:${name}`)}, host:x]]`)).not.toEqual([]);
      expect(file(`bridges: { br: {} }\nnamespaces: { a: {} }\nlinks: [[a:x, { at: br, name: ${quoted} }]]`)).not.toEqual([]);
    },
  );

  test('messages carry nothing that a terminal would obey', () => {
    for (const text of ['namespaces: { "\\e[31mred": {} }', 'links: [["\\e]0;x\\a", b]]', 'bridges: { b: { subnet: "\\u202e" } }']) {
      for (const { message, hint } of faultsOf(`${HEAD}${text}`)) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(`${message}${hint}`).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      }
    }
  });
});

describe('large files', () => {
  const names = Array.from({ length: 4000 }, (_, index) => `pc${index}`);
  const bridges = Array.from({ length: 8 }, (_, index) => index);
  const text = [
    'version: 1\nname: big\nsubnets:',
    ...bridges.map((index) => `  s${index}: { ipv4: 10.${index}.0.0/16, ipv6: fd00:${index}::/64 }`),
    'bridges:',
    ...bridges.map((index) => `  br${index}: { subnet: s${index} }`),
    'namespaces:',
    ...names.map((name) => `  ${name}: {}`),
    'links:',
    ...names.map((name, index) => `  - [${name}:eth0, br${index % 8}]`),
  ].join('\n');

  test('4,000 namespaces are read', () => {
    const begun = usedMs();
    expect(loadTopology(text, 'big.yaml').links).toHaveLength(4000);
    expect(usedMs() - begun).toBeLessThan(MS_MAX);
  });
});
