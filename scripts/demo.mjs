// What `npm start` shows; runs inside a sandbox.
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { main, ROOT, run } from './setup.mjs';

const FILE = 'topologies/docker0.yaml';

/** It stays when the sandbox is gone; git does not see it. */
const PICTURE = 'node_modules/.netloom/docker0.svg';

const STEPS = [
  {
    says: 'netloom compares the file with this host, shows what it would change (+ comes, ~ changes, - goes), and does it',
    args: ['apply', FILE],
  },
  { says: 'What it owns now: who is connected to whom, with which addresses and ports', args: ['show'] },
  {
    says: 'The same as a picture, for a browser: with --live it marks what is down or differs, with --plan what an apply would do',
    args: ['graph', FILE, '--live', '--out', PICTURE],
  },
  { says: "The file's own checks, run as probes: who reaches whom, and who must not", args: ['verify', FILE] },
  { says: 'A second plan is empty: the kernel already is what the file says', args: ['plan', FILE] },
];

await main(async () => {
  mkdirSync(join(ROOT, dirname(PICTURE)), { recursive: true });
  const bold = process.stdout.isTTY && !process.env.NO_COLOR ? (text) => `\u001b[1m${text}\u001b[0m` : (text) => text;
  console.log(`\n${bold('1. A file says what the network is to be.')}\n\n${FILE}\n${wanted()}`);
  for (const [index, { says, args }] of STEPS.entries()) {
    console.log(`\n${bold(`${index + 2}. ${says}.`)}\n\n$ netloom ${args.join(' ')}`);
    const status = run(process.execPath, ['bin/netloom.js', ...args]);
    if (status !== 0) return status;
  }
  console.log(`
All of this happened in a sandbox, a throw-away host that is gone now: nothing of this machine was changed.

  node bin/netloom.js sandbox    a shell in such a sandbox, to try things in
  npm link                       puts \`netloom\` on your PATH (it may need root)
  README.md                      what else it does`);
  return 0;
});

/** The part of the file that says what is wanted: without the header, and without the checks, which come later. */
function wanted() {
  const text = readFileSync(join(ROOT, FILE), 'utf8');
  return text
    .slice(text.indexOf('\nsubnets:'), text.indexOf('\nchecks:'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `  ${line}`)
    .join('\n');
}
