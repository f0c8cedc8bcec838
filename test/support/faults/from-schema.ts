import fc from 'fast-check';

/** As far as the schema of topologies goes: draft-07 without combinations. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly not?: Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** Words that mean something to a topology, so that not everything ends at the first check. */
const WORDS = [
  ...['a', 'b', 'web', 'pc(1-3)', 'br-a', 'br-b', 'net', 'host', 'lo', 'eth0', 'outside', 'default', 'default'],
  ...['a:eth0', 'b:eth0', 'a:eth1', 'host:up0', 'web:eth0', 'pc(1-3):eth0', 'br-a', 'br-b'],
  ...[
    '10.0.0.0/24',
    '10.0.0.5',
    '10.0.0.5/24',
    'fd00:1::/64',
    'fd00:1::5',
    '8080:80',
    '127.0.0.1:81:80/udp',
    '53/udp',
    '2s',
    '02:00:00:00:00:01',
  ],
];

/** Words that mean something to a shell, to ip, to nft or to a path. */
export const HOSTILE = [
  ...[
    '$(id)',
    '`id`',
    'a;id',
    'a|id',
    'a&id',
    '-n',
    '--help',
    '../../etc/passwd',
    '/etc/passwd',
    'a/b',
    '..',
    'a%d',
    'eth0*',
    '*',
    '"',
    "'",
    '\\',
  ],
  ...[
    'a b',
    'a\nlink del lo',
    'a\tb',
    '#',
    '{ }',
    '}; flush ruleset',
    'net.core/../../kernel/hostname',
    'a\u0000b',
    '\u202e',
    'EOF',
    '!a 0',
    '@a',
    '0.0.0.0/0;',
  ],
];

const word = fc.oneof({ arbitrary: fc.constantFrom(...WORDS), weight: 9 }, { arbitrary: fc.constantFrom(...HOSTILE), weight: 1 });

/** Values that a JSON schema describes, now and then with a hostile word where there is a free one. */
export function fromSchema(root: Schema): fc.Arbitrary<unknown> {
  const { $defs = {} } = root;
  // Definitions may hold each other.
  const ties = fc.letrec<Record<string, unknown>>((tie) =>
    Object.fromEntries(Object.entries({ ...$defs, '#': root }).map(([name, schema]) => [name, arbitraryOf(schema, tie)])),
  );
  return ties['#'] ?? fc.constant(null);
}

type Tie = (name: string) => fc.Arbitrary<unknown>;

function arbitraryOf(schema: Schema, tie: Tie): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return tie(schema.$ref.slice('#/$defs/'.length));
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const types = schema.type === undefined ? ['string', 'integer'] : [schema.type].flat();
  return fc.oneof(...types.map((type) => ofType(type, schema, tie)));
}

function ofType(type: string, schema: Schema, tie: Tie): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 70_000 }), fc.constantFrom(80, 1500, 0));
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}, tie), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case 'object':
      return ofObject(schema, tie);
    default:
      return text(schema);
  }
}

/** Where there is a pattern, mostly what matches it. */
function text({ pattern }: Schema): fc.Arbitrary<string> {
  if (pattern === undefined) return word;
  const fitting = WORDS.filter((one) => new RegExp(pattern).test(one));
  const matching = fitting.length > 0 ? fc.constantFrom(...fitting) : fc.stringMatching(new RegExp(pattern), { maxLength: 20 });
  return fc.oneof({ arbitrary: matching, weight: 24 }, { arbitrary: word, weight: 1 });
}

function ofObject(schema: Schema, tie: Tie): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {}).filter(([, one]) => one.not === undefined);
  const fixed = fc.record(
    Object.fromEntries(properties.map(([name, one]) => [name, optionally(arbitraryOf(one, tie), schema.required?.includes(name))])),
  );
  const free =
    typeof schema.additionalProperties === 'object'
      ? fc.dictionary(text(schema.propertyNames ?? {}), arbitraryOf(schema.additionalProperties, tie), { maxKeys: 3 })
      : fc.constant({});
  return fc
    .tuple(fixed, free)
    .map(([one, other]) => ({ ...other, ...Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) }));
}

const optionally = (arbitrary: fc.Arbitrary<unknown>, required = false): fc.Arbitrary<unknown> =>
  required ? arbitrary : fc.option(arbitrary, { nil: undefined, freq: 1 });
