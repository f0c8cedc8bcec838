import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { outliveReader } from '../../src/cli/io.ts';

const failing = (code: string): (() => void) => {
  const stream = new EventEmitter();
  outliveReader(stream);
  return () => stream.emit('error', Object.assign(new Error(code), { code }));
};

test('io: a reader that has gone ends nothing', () => {
  expect(failing('EPIPE')).not.toThrow();
});

test('io: any other failure to write is an error', () => {
  expect(failing('ENOSPC')).toThrow('ENOSPC');
});
