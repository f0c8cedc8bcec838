import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Fault } from '../../src/model/errors.ts';
import { faultsOf } from './support.ts';

const FOLDER = join(import.meta.dirname, 'mistakes');

const lines = ({ origin, code, message, hint }: Fault): string =>
  `${origin.file}:${origin.line}:${origin.column} ${code} ${message}\n    ${hint ?? '(no hint)'}`;

test('mistakes: what people usually get wrong is told where it is and with what to do', async () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
  const reports = files.sort().map((name) =>
    faultsOf(readFileSync(join(FOLDER, name), 'utf8'), name)
      .map(lines)
      .join('\n'),
  );
  await expect(`${reports.join('\n\n')}\n`).toMatchFileSnapshot('mistakes/faults.txt');
});

test('mistakes: every file has faults, and every fault a hint', () => {
  for (const name of readdirSync(FOLDER).filter((each) => each.endsWith('.yaml'))) {
    const faults = faultsOf(readFileSync(join(FOLDER, name), 'utf8'), name);
    expect(faults.length, name).toBeGreaterThan(0);
    expect(
      faults.filter((fault) => fault.hint === undefined),
      name,
    ).toEqual([]);
  }
});
