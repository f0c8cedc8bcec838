/** JSON from a program, not yet known to be what it should. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a program printed is not what it should be: a version we do not know, or our bug. */
export class EdgeError extends Error {
  override readonly name = 'EdgeError';
}

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EdgeError(`${what}: not JSON: ${text.slice(0, 80)}`, { cause });
  }
}

/** A list of objects; anything else in it is an error. */
export function listOf(value: unknown, what: string): readonly Fields[] {
  if (!Array.isArray(value)) throw new EdgeError(`${what}: expected a list, got ${typeof value}`);
  const items: readonly unknown[] = value;
  return items.map((item) => {
    if (!isFields(item)) throw new EdgeError(`${what}: expected objects in the list`);
    return item;
  });
}

export const optionalList = (fields: Fields, key: string): readonly Fields[] => (fields[key] === undefined ? [] : listOf(fields[key], key));

export const optionalFields = (fields: Fields, key: string): Fields => {
  const value = fields[key];
  return isFields(value) ? value : {};
};

export function text(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== 'string') throw new EdgeError(`${key}: expected text, got ${JSON.stringify(value)}`);
  return value;
}

export const optionalText = (fields: Fields, key: string): string | undefined =>
  fields[key] === undefined || fields[key] === null ? undefined : text(fields, key);

/** A number; `ip -N` prints some of them as text. */
export function whole(fields: Fields, key: string): number {
  const value = fields[key];
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) {
    throw new EdgeError(`${key}: expected a number, got ${JSON.stringify(value)}`);
  }
  return number;
}

export const optionalWhole = (fields: Fields, key: string): number | undefined =>
  fields[key] === undefined ? undefined : whole(fields, key);

export function texts(fields: Fields, key: string): readonly string[] {
  const value: unknown = fields[key] ?? [];
  if (!Array.isArray(value)) throw new EdgeError(`${key}: expected a list`);
  const items: readonly unknown[] = value;
  return items.filter((item) => typeof item === 'string');
}

/** `true`, 1 and `on` are on. */
export const flag = (fields: Fields, key: string): boolean => fields[key] === true || fields[key] === 1 || fields[key] === 'on';
