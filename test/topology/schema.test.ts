import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { schemaText, topologySchema } from '../../src/topology/schema.ts';

const ROOT = join(import.meta.dirname, '../..');

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every property of every mapping of the schema, with its path. */
function* propertiesOf(node: unknown, path = ''): Generator<readonly [string, Node]> {
  if (!isNode(node)) return;
  for (const [key, value] of Object.entries(isNode(node.properties) ? node.properties : {})) {
    if (isNode(value)) yield [`${path}/${key}`, value];
  }
  for (const [key, value] of Object.entries(node)) if (key !== 'examples') yield* propertiesOf(value, `${path}/${key}`);
}

const resolved = (schema: Node, node: Node): Node => {
  const name = String(node.$ref ?? '')
    .split('/')
    .at(-1);
  const target = (schema.$defs as Node)[name ?? ''];
  return isNode(target) ? { ...target, ...node } : node;
};

describe('schema', () => {
  const schema = JSON.parse(schemaText()) as Node;

  test('is valid by its own meta-schema', () => {
    const ajv = new Ajv({ allowUnionTypes: true, strictTypes: false, allErrors: true });
    ajv.addVocabulary(['patternErrorMessage', 'errorMessage', 'doNotSuggest']);
    expect(() => ajv.compile(topologySchema())).not.toThrow();
  });

  test('the copy that editors use is current: npm run generate', () => {
    expect(readFileSync(join(ROOT, 'schemas/topology.schema.json'), 'utf8')).toBe(schemaText());
  });

  test('every key says what it means, and gives values or an example unless it is a mapping or reserved', () => {
    const properties = [...propertiesOf(schema)];
    expect(properties.length).toBeGreaterThan(60);
    const silent = properties.filter(([, node]) => typeof resolved(schema, node).description !== 'string');
    expect(silent.map(([path]) => path)).toEqual([]);
    const bare = properties.filter(([, node]) => {
      const { examples, enum: values, const: value, not, type } = resolved(schema, node);
      return examples === undefined && values === undefined && value === undefined && not === undefined && !String(type).includes('object');
    });
    expect(bare.map(([path]) => path)).toEqual([]);
  });

  test('no mapping takes keys that it does not know', () => {
    const open: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (Array.isArray(node)) for (const [index, item] of node.entries()) visit(item, `${path}/${index}`);
      if (!isNode(node)) return;
      if (isNode(node.properties) && node.additionalProperties !== false) open.push(path);
      for (const [key, value] of Object.entries(node)) if (key !== 'examples') visit(value, `${path}/${key}`);
    };
    visit(schema, '');
    expect(open).toEqual([]);
  });

  test('the worked example is valid by it alone, as an editor sees it', () => {
    const ajv = new Ajv({ allowUnionTypes: true, strictTypes: false, allErrors: true });
    ajv.addVocabulary(['patternErrorMessage', 'errorMessage', 'doNotSuggest']);
    const check = ajv.compile(topologySchema());
    expect(check(parse(readFileSync(join(import.meta.dirname, 'shop.yaml'), 'utf8'))), JSON.stringify(check.errors)).toBe(true);
  });

  test('two kinds cannot claim one key', () => {
    expect(() => topologySchema([{ bridge: { mtu: {} } }, { bridge: { mtu: {} } }])).toThrow('mtu');
  });
});
