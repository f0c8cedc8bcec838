// Started by build.mjs: runs the bundle, then keeps the code that V8 has made of what was used. With `host`, inside a sandbox.
import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const FILE = 'topologies/docker0.yaml';
const ANYWHERE = [['validate', FILE], ['--help']];
const ON_A_HOST = [
  ['plan', FILE],
  ['apply', FILE],
  ['plan', FILE],
  ['show', 'docker0'],
  ['destroy', 'docker0', '--yes'],
];

const { CODE, loadBundle } = createRequire(import.meta.url)('../bin/bundle.js');
const { exports: netloom, script } = loadBundle();
const nowhere = { write: () => true };
for (const argv of [...ANYWHERE, ...(process.argv[2] === 'host' ? ON_A_HOST : [])]) {
  const io = { stdin: process.stdin, stdout: nowhere, stderr: process.stderr, env: {}, cwd: process.cwd() };
  const code = await netloom.main([...argv, ...(argv.includes('plan') ? [] : ['--quiet'])], io);
  if (code !== 0 && !(argv[0] === 'plan' && code === 2)) process.exit(1);
}
// Whole or not at all: V8 does not look closely at what it is given.
writeFileSync(`${CODE}.new`, script.createCachedData());
renameSync(`${CODE}.new`, CODE);
