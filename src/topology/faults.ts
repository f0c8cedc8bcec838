import type { Fault } from '../model/errors.ts';
import type { Origin } from '../model/topology.ts';
import type { Code } from './codes.ts';
import type { SyntaxFault } from './syntax/parse.ts';
import { type Path, type Places, positionOf, spanOf } from './syntax/places.ts';
import { createSuggester, type Suggest } from './syntax/suggest.ts';

/** More than anybody reads; a hostile file could have a million. */
const FAULTS_MAX = 500;

/** What a fault is about, for `spoil`: `subnet:web`, `bridge:br-web`, `namespace:web01`, `check:3`, `section:bridges`; `everything:` stands for all of them. */
export type Subject = `${'subnet' | 'bridge' | 'namespace' | 'check' | 'section' | 'everything'}:${string}`;

/** Where every stage puts what it finds wrong, so that one run reports all of it. */
export interface Faults {
  /** Reports a fault of the value at `path`. */
  add(path: Path, code: Code, message: string, hint?: string): void;
  /** The same, pointing at the key rather than at the value. */
  addAtKey(path: Path, code: Code, message: string, hint?: string): void;
  /** Notes that part of a thing could not be used, so that what is missing because of it is not reported as well. */
  spoil(...subjects: Subject[]): void;
  /** Whether any of these was spoilt: then absence proves nothing. */
  spoilt(...subjects: Subject[]): boolean;
  readonly origin: (path: Path, on?: 'key' | 'value') => Origin;
  readonly suggest: Suggest;
  /** Every fault, in the order of the file, each once. */
  list(): Fault[];
}

export function createFaults(file: string, places: Places, syntax: readonly SyntaxFault[]): Faults {
  const found = new Map<string, Fault>();
  const damage = new Set<Subject>();
  // What is wrong with the text of a value explains whatever else is wrong with it.
  const broken = new Set<string>();
  for (const { span, ...rest } of syntax) {
    const { length, ...position } = positionOf(places.source, places.lines, span);
    broken.add(`${position.line}:${position.column}`);
    found.set(`${position.line}:${position.column} ${rest.code} ${rest.message}`, { ...rest, origin: { file, ...position }, length });
  }
  const report = (path: Path, on: 'key' | 'value', code: Code, message: string, hint?: string) => {
    if (found.size >= FAULTS_MAX) return;
    const { length, ...position } = spanOf(places, path, on);
    if (broken.has(`${position.line}:${position.column}`)) return;
    const fault: Fault = { code, message, ...(hint === undefined ? {} : { hint }), origin: { file, ...position }, length };
    // One place is met often: by each item of a range, by each use of an alias. The first speaks for all, unless several things lack there.
    const key = `${position.line}:${position.column} ${code} ${code === 'E_REQUIRED' ? message : ''}`;
    if (!found.has(key)) found.set(key, fault);
  };
  return {
    add: (path, code, message, hint) => report(path, 'value', code, message, hint),
    addAtKey: (path, code, message, hint) => report(path, 'key', code, message, hint),
    spoil: (...subjects) => {
      for (const subject of subjects) damage.add(subject);
    },
    spoilt: (...subjects) => damage.has('everything:') || subjects.some((subject) => damage.has(subject)),
    origin: (path, on = 'value') => {
      const { line, column } = spanOf(places, path, on);
      return { file, line, column };
    },
    suggest: createSuggester(),
    list: () => [...found.values()].sort(byPosition),
  };
}

export function byPosition(a: Fault, b: Fault): number {
  return (
    a.origin.line - b.origin.line || a.origin.column - b.origin.column || compareText(a.code, b.code) || compareText(a.message, b.message)
  );
}

/** Order by code unit: the same on every host, unlike localeCompare. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
