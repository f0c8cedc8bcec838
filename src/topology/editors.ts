type Node = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A schema with what yaml-language-server understands beyond JSON Schema: `markdownDescription`, as it would show the signs of code in a
 * plain description; and for unions the examples that are mappings as `defaultSnippets`, as it would offer them as "[object Object]".
 * Data (`examples`, `enum`, `const`) stay as they are.
 */
export function forEditors(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(forEditors);
  if (!isMapping(schema)) return schema;
  const { description, examples, type } = schema;
  const rest = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    if (key === 'examples' || key === 'enum' || key === 'const') return [[key, value]];
    if (key === 'description' && typeof value === 'string')
      return [
        ['description', plain(value)],
        ['markdownDescription', value],
      ];
    return [[key, forEditors(value)]];
  });
  const isUnion = Array.isArray(type) && type.some((one) => one !== 'object' && one !== 'null');
  const mappings = Array.isArray(examples) && isUnion ? examples.filter(isMapping) : [];
  if (mappings.length === 0) return Object.fromEntries(rest);
  const others = (examples as unknown[]).filter((example) => !isMapping(example));
  return {
    ...Object.fromEntries(rest),
    examples: others,
    defaultSnippets: mappings.map((body) => ({ label: Object.keys(body).join(', '), description, body })),
  };
}

/** Without the signs of code, for editors that show plain text. */
const plain = (markdown: string): string => markdown.replaceAll('`', '');
