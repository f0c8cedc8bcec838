// docs/reference.md, from the schema: every key with its type, default, values, example, and where it is shown at work.

/** The parts of the page: a heading, the mapping that it is about, and the section of docs/language.md that shows it at work. */
const PARTS = [
  ['A file', (schema) => schema, ''],
  ['defaults', (schema) => schema.$defs.defaults, 'namespaces'],
  ['subnets.NAME', (schema) => schema.$defs.subnet, 'subnets-gateways-addresses'],
  ['bridges.NAME', (schema) => schema.$defs.bridge, 'bridges-namespaces-links'],
  ['bridges.NAME.allow[]', (schema) => schema.$defs.allow, 'bridges-namespaces-links'],
  ['namespaces.NAME', (schema) => schema.$defs.namespace, 'namespaces'],
  ['namespaces.NAME.attach', (schema) => schema.$defs.namespace.properties.attach, 'attached-namespaces'],
  ['namespaces.NAME.interfaces', (schema) => schema.$defs.namespace.properties.interfaces, 'namespaces'],
  ['namespaces.NAME.interfaces.lo', (schema) => schema.$defs.namespace.properties.interfaces.properties.lo, 'namespaces'],
  ['namespaces.NAME.publish[]', (schema) => schema.$defs.publish, 'published-ports'],
  ['routes[]', (schema) => schema.$defs.route, 'namespaces'],
  ['host', (schema) => schema.$defs.host, 'namespaces'],
  ['links[]', (schema) => schema.$defs.link, 'bridges-namespaces-links'],
  ['links[].ends[]', (schema) => schema.$defs.end, 'bridges-namespaces-links'],
  ['checks[]', (schema) => schema.$defs.check, 'checks'],
];

/** Keys that are shown elsewhere than the rest of their mapping. */
const SHOWN = {
  publish: 'published-ports',
  expose: 'published-ports',
  publishAll: 'published-ports',
  attach: 'attached-namespaces',
  as: 'one-way-aliases',
  checks: 'checks',
  subnets: 'subnets-gateways-addresses',
  addresses: 'subnets-gateways-addresses',
  gateway: 'subnets-gateways-addresses',
  namespaces: 'namespaces',
  host: 'namespaces',
  defaults: 'namespaces',
};

/** Which part a reference or a section of the schema leads to. */
const LEADS = {
  defaults: 'defaults',
  subnet: 'subnets.NAME',
  subnetOrName: 'subnets.NAME',
  bridge: 'bridges.NAME',
  allow: 'bridges.NAME.allow[]',
  namespace: 'namespaces.NAME',
  publish: 'namespaces.NAME.publish[]',
  route: 'routes[]',
  host: 'host',
  link: 'links[]',
  end: 'links[].ends[]',
  check: 'checks[]',
};

/** The text of the page. */
export function referencePage(schema) {
  const parts = PARTS.map(([title, find, shown]) => part(title, find(schema), shown, schema));
  const contents = PARTS.map(([title]) => `- [${code(title)}](#${anchor(title)})`);
  return `# Reference

Every key of a topology file. [language.md](language.md) shows them at work, [errors.md](errors.md) says what can be wrong with them. This page is
made from the schema (\`npm run generate\`), which \`netloom schema\` prints and which [editors](git.md#editors) read.

\`NAME\` stands for a name of your own, \`[]\` for each item of a list. A mapping that is left empty (\`web01:\`) is an empty mapping.

${contents.join('\n')}

${parts.join('\n')}
## Reserved

These are rejected with \`E_NOT_YET\`: ${reservedKeys(schema).map(code).join(', ')}.
`;
}

const code = (text) => (/^[a-z]/.test(text) ? `\`${text}\`` : text);

const anchor = (title) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

const isReserved = (node) => node.not !== undefined;

function part(title, mapping, shown, schema) {
  const keys = Object.entries(mapping.properties).filter(([, node]) => !isReserved(node));
  const required = new Set(mapping.required ?? []);
  const about = mapping === schema ? [] : [mapping.description, ...exampleOf(mapping), `[Shown at work](language.md#${shown}).`];
  const entries = keys.flatMap(([key, node]) => entry(key, node, required.has(key), SHOWN[key] === shown ? undefined : SHOWN[key], schema));
  return [`## ${code(title)}`, ...about, ...entries, ''].join('\n\n').trimEnd().concat('\n');
}

/** One key as paragraphs: its name in a line of facts, what it means, examples. */
function entry(key, node, isRequired, shown, schema) {
  const resolved = node.$ref === undefined ? node : { ...schema.$defs[nameOf(node.$ref)], ...node };
  const [meaning, byDefault] = splitDefault(resolved.description);
  const facts = [
    `**\`${key}\`**`,
    typeOf(resolved, node, schema),
    ...valuesOf(resolved),
    isRequired ? 'required' : byDefault === undefined ? undefined : `default: ${byDefault}`,
    shown === undefined ? undefined : `[shown at work](language.md#${shown})`,
  ];
  return [facts.filter((fact) => fact !== undefined).join(' · '), meaning, ...exampleOf(resolved)];
}

/** The sentence `Default: …`, or `Absent: …`, stands for itself. */
function splitDefault(description) {
  const match = /(?:^|(?<=[.:)\]`] ))(Default|Absent): ((?:[^.]|\.(?!\s|$))+)\.?/.exec(description);
  if (match === null) return [description, undefined];
  const rest = `${description.slice(0, match.index)}${description.slice(match.index + match[0].length)}`.replaceAll(/ {2,}/g, ' ').trim();
  return [rest === '' ? description : rest, match[2]];
}

const nameOf = (ref) => ref.split('/').at(-1);

/** In words: `text`, `list of [links[]](#links)`, `true or false`. */
function typeOf(resolved, node, schema) {
  if (resolved.const !== undefined || resolved.enum !== undefined) return undefined;
  // What is one word comes first: `text or list of text`.
  const types = [resolved.type].flat().toSorted((a, b) => Number(a === 'array') - Number(b === 'array'));
  const words = types.flatMap((type) => wordsOf(type, resolved, node, schema));
  return [...new Set(words)].join(' or ');
}

function wordsOf(type, resolved, node, schema) {
  switch (type) {
    case 'null':
      return [];
    case 'string':
      return ['text'];
    case 'integer':
      return ['number'];
    case 'boolean':
      return ['`true` or `false`'];
    case 'array':
      return [resolved.items === undefined ? 'list' : `list of ${inWords(resolved.items, schema)}`];
    case 'object': {
      const values = resolved.additionalProperties;
      if (values?.$ref !== undefined) return [`mapping of names to ${inWords(values, schema)}`];
      return [node.$ref === undefined ? 'mapping' : (linkTo(nameOf(node.$ref)) ?? 'mapping')];
    }
    default:
      throw new Error(`no words for the type ${type}`);
  }
}

function inWords(item, schema) {
  if (item.$ref === undefined) return typeOf(item, item, schema);
  const name = nameOf(item.$ref);
  return linkTo(name) ?? typeOf(schema.$defs[name], item, schema);
}

const linkTo = (name) => (LEADS[name] === undefined ? undefined : `[${code(LEADS[name])}](#${anchor(LEADS[name])})`);

/** All values, or the range of numbers, or the form. */
function valuesOf({ const: only, enum: values, minimum, maximum }) {
  if (only !== undefined) return [`\`${only}\``];
  if (values !== undefined) return [values.map((value) => `\`${value}\``).join(', ')];
  return minimum === undefined ? [] : [maximum === undefined ? `at least ${minimum}` : `${minimum} to ${maximum}`];
}

function exampleOf({ examples = [] }) {
  if (examples.length === 0) return [];
  return [`${examples.length === 1 ? 'Example' : 'Examples'}: ${examples.map((example) => `\`${inline(example)}\``).join(', ')}`];
}

/** As one line of YAML. */
function inline(value) {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object')
    return typeof value === 'string' && /^[[{*&!|>%@#]|: |:$|^\d+:\d+/.test(value) ? JSON.stringify(value) : String(value);
  const pairs = Object.entries(value).map(([key, one]) => `${key}: ${inline(one)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

function reservedKeys(schema) {
  const found = new Set();
  const visit = (node) => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node.properties ?? {})) if (isReserved(value)) found.add(key);
    for (const value of Object.values(node)) visit(value);
  };
  visit(schema);
  return [...found].sort();
}
