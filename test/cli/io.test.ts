import { spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { outliveReader } from '../../src/cli/io.ts';

/** As built: what standard output is, only a process of its own can try. */
const NETLOOM = fileURLToPath(new URL('../../bin/netloom.js', import.meta.url));

const failing = (...codes: readonly string[]): readonly [told: readonly string[], isLost: boolean] => {
  const stream = new EventEmitter();
  const told: string[] = [];
  const isLost = outliveReader(stream, ({ message }) => told.push(message));
  for (const code of codes) stream.emit('error', Object.assign(new Error(code), { code }));
  return [told, isLost()];
};

test('io: a reader that has gone ends nothing, and nothing is said of it', () => {
  expect(failing('EPIPE')).toEqual([[], false]);
});

test('io: any other failure to write is told, once', () => {
  expect(failing('EPIPE', 'ENOSPC', 'ENOSPC')).toEqual([['ENOSPC'], true]);
});

test('io: results that cannot be written are an error with a sentence and no stack', () => {
  const { status, stderr } = spawnSync('sh', ['-c', 'exec "$@" >/dev/full', 'sh', process.execPath, NETLOOM, 'schema'], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^error: standard output is not complete: .*ENOSPC.* \(E_OUTPUT\)\n$/)]);
});
