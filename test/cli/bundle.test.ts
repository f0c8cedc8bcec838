import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const BUNDLE = join(import.meta.dirname, '../../bin/bundle.js');

/** What a program prints about the bundle, in a process like that of bin/netloom.js. */
async function ofBundle(expression: string): Promise<unknown> {
  const script = `const bundle = require(${JSON.stringify(BUNDLE)}).loadBundle(); console.log(JSON.stringify(${expression}))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
  return JSON.parse(stdout);
}

test('bundle: V8 takes the code that the build made of it, under the flags that netloom runs with', async () => {
  expect(await ofBundle('bundle.script.cachedDataRejected')).toBe(false);
});

test('bundle: loading it loads no command, no parser and no kernel', async () => {
  const loaded = await ofBundle(`process.moduleLoadList.filter((name) => name.startsWith('NativeModule '))`);
  for (const name of ['crypto', 'http', 'inspector', 'readline']) expect(loaded).not.toContain(`NativeModule ${name}`);
});
