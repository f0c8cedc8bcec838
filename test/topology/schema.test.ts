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
  for (const [key, value] of Object.entries(node))
    if (key !== 'examples' && key !== 'defaultSnippets') yield* propertiesOf(value, `${path}/${key}`);
}

/** Ajv, with the words of yaml-language-server. */
function editorAjv(): Ajv {
  const ajv = new Ajv({ allowUnionTypes: true, strictTypes: false, allErrors: true });
  ajv.addVocabulary(['patternErrorMessage', 'errorMessage', 'doNotSuggest', 'markdownDescription', 'defaultSnippets']);
  return ajv;
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
    const ajv = editorAjv();
    expect(() => ajv.compile(topologySchema())).not.toThrow();
  });

  test('the copy that editors use is current: npm run generate', () => {
    expect(readFileSync(join(ROOT, 'schemas/topology.schema.json'), 'utf8')).toBe(schemaText());
  });

  test('every key and every definition says what it means, and gives an example or all its values unless it is reserved', () => {
    const properties = [...propertiesOf(schema), ...Object.entries(schema.$defs as Record<string, Node>)];
    expect(properties.length).toBeGreaterThan(60);
    const silent = properties.filter(([, node]) => typeof resolved(schema, node).description !== 'string');
    expect(silent.map(([path]) => path)).toEqual([]);
    const bare = properties.filter(([, node]) => {
      const { examples, enum: values, const: value, not } = resolved(schema, node);
      return examples === undefined && values === undefined && value === undefined && not === undefined;
    });
    expect(bare.map(([path]) => path)).toEqual([]);
  });

  test('every example is right by its own key', () => {
    const ajv = editorAjv();
    ajv.addSchema(schema, 'netloom');
    const wrong: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (Array.isArray(node)) for (const [index, item] of node.entries()) visit(item, `${path}/${index}`);
      if (!isNode(node)) return;
      const snippets = Array.isArray(node.defaultSnippets) ? node.defaultSnippets.map(({ body }) => body) : [];
      for (const example of [...(Array.isArray(node.examples) ? node.examples : []), ...snippets]) {
        if (!ajv.validate({ $ref: `netloom#${path}` }, example)) wrong.push(`${path}: ${JSON.stringify(example)}`);
      }
      for (const [key, value] of Object.entries(node)) {
        if (key !== 'examples' && key !== 'defaultSnippets')
          visit(value, `${path}/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`);
      }
    };
    visit(schema, '');
    expect(wrong).toEqual([]);
  });

  test('no key that is optional is silent about what holds without it, where it has a value of its own', () => {
    const flags = [...propertiesOf(schema)].filter(([, node]) => node.type === 'boolean' || Array.isArray(node.enum));
    const silent = flags.filter(([path, node]) => !/Default: |Absent: /.test(String(node.description)) && !path.endsWith('/ping'));
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  test('no mapping takes keys that it does not know', () => {
    const open: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (Array.isArray(node)) for (const [index, item] of node.entries()) visit(item, `${path}/${index}`);
      if (!isNode(node)) return;
      if (isNode(node.properties) && node.additionalProperties !== false) open.push(path);
      for (const [key, value] of Object.entries(node)) if (key !== 'examples' && key !== 'defaultSnippets') visit(value, `${path}/${key}`);
    };
    visit(schema, '');
    expect(open).toEqual([]);
  });

  test('the worked example is valid by it alone, as an editor sees it', () => {
    const ajv = editorAjv();
    const check = ajv.compile(topologySchema());
    expect(check(parse(readFileSync(join(import.meta.dirname, 'shop.yaml'), 'utf8'))), JSON.stringify(check.errors)).toBe(true);
  });

  test('two kinds cannot claim one key', () => {
    expect(() => topologySchema([{ bridge: { mtu: {} } }, { bridge: { mtu: {} } }])).toThrow('mtu');
  });
});
