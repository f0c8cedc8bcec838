import { createHash } from 'node:crypto';
import { Ajv } from 'ajv';
import { HostError } from '../../model/errors.ts';
import type { SavedPlan } from '../../model/saved.ts';

/** What tells a saved plan from other JSON. */
const KIND = 'netloom plan';
const FORMAT_VERSION = 1;

/** A saved plan as the text of its file: JSON with a digest of the rest, by which a file that was cut or edited is found out. */
export function planText(plan: SavedPlan): string {
  // As it will be read: without what is undefined.
  const body = JSON.parse(JSON.stringify(plan)) as object;
  return `${JSON.stringify({ kind: KIND, formatVersion: FORMAT_VERSION, digest: digestOf(body), ...body }, null, 2)}\n`;
}

/** Whether a text begins like a saved plan, complete or not. */
export const looksLikePlan = (text: string): boolean => /^\s*\{\s*"kind"\s*:\s*"netloom plan"/.test(text);

/** The other way round. Throws HostError E_PLAN_FILE or E_PLAN_VERSION, which name `file` and say what is wrong with it. */
export function parsePlan(text: string, file: string): SavedPlan {
  const { kind, formatVersion, digest, ...body } = objectIn(text, file);
  if (kind !== KIND) throw broken(file, 'is no saved plan', PLAN_MAKES_ONE);
  if (formatVersion !== FORMAT_VERSION) {
    throw new HostError(
      'E_PLAN_VERSION',
      `${file} is a saved plan in version ${JSON.stringify(formatVersion) ?? 'unknown'} of the format; this netloom knows ${FORMAT_VERSION}`,
      'apply it with the netloom that made it, or make it anew with this one',
    );
  }
  if (digest !== digestOf(body)) throw broken(file, 'is not as `plan --out` wrote it', 'it was edited or damaged on its way: make it anew');
  const fault = faultOf(body);
  if (fault !== undefined) throw broken(file, `is not as a saved plan should be: ${fault}`, PLAN_MAKES_ONE);
  return body as unknown as SavedPlan;
}

const PLAN_MAKES_ONE = '`netloom plan --out FILE` makes one; a topology file is applied without --plan';

function objectIn(text: string, file: string): Record<string, unknown> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    if (looksLikePlan(text))
      throw broken(file, 'is a saved plan that was cut or damaged: it is no longer JSON', 'copy it again, or make it anew');
    throw broken(file, 'is no saved plan', PLAN_MAKES_ONE);
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw broken(file, 'is no saved plan', PLAN_MAKES_ONE);
  return data as Record<string, unknown>;
}

const broken = (file: string, what: string, hint: string): HostError => new HostError('E_PLAN_FILE', `${file} ${what}`, hint);

/** The same whatever the order of keys and the white space, which tools that pass JSON on are free to change. */
function digestOf(body: object): string {
  try {
    return sha256(JSON.stringify(sorted(body)));
  } catch (error) {
    // Nested more deeply than any plan, so that it is none; and no digest is empty.
    if (error instanceof RangeError) return '';
    throw error;
  }
}

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)]);
}

const text = { type: 'string' } as const;
const sha = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const;
const record = (properties: object, optional: object = {}) => ({
  type: 'object',
  required: Object.keys(properties),
  properties: { ...properties, ...optional },
});

const SCHEMA = record({
  version: text,
  made: text,
  topologies: {
    type: 'array',
    items: record(
      {
        name: text,
        file: text,
        digest: sha,
        source: text,
        adopt: { type: 'boolean' },
        changes: {
          type: 'array',
          items: record({ kind: text, id: { type: 'string', pattern: ':' }, action: { enum: ['create', 'update', 'replace', 'delete'] } }),
        },
      },
      { path: text },
    ),
  },
});

/** What of a body is not of the right shape; only what somebody has made by hand has a digest that fits and another shape. */
function faultOf(body: object): string | undefined {
  const ajv = new Ajv({ meta: false, validateSchema: false });
  const check = ajv.compile(SCHEMA);
  if (!check(body)) return ajv.errorsText(check.errors, { dataVar: 'the plan' });
  const { topologies } = body as unknown as SavedPlan;
  const forged = topologies.find(({ digest, source }) => digest !== sha256(source));
  return forged && `the text of ${forged.name} has another digest`;
}
