// What `npm start` shows; runs inside a sandbox.
import { main, run } from './setup.mjs';

const FILE = 'topologies/docker0.yaml';

const STEPS = [
  { says: `A file says what the network is to be. netloom shows what it would change, and changes it`, args: ['apply', FILE] },
  { says: 'What it owns now: who is connected to whom, with which addresses and ports', args: ['show'] },
  { says: "The file's own checks, run as probes: who reaches whom, and who must not", args: ['verify', FILE] },
  { says: 'A second plan is empty: the kernel already is what the file says', args: ['plan', FILE] },
];

await main(async () => {
  const bold = process.stdout.isTTY && !process.env.NO_COLOR ? (text) => `\u001b[1m${text}\u001b[0m` : (text) => text;
  for (const [index, { says, args }] of STEPS.entries()) {
    console.log(`\n${bold(`${index + 1}. ${says}.`)}\n\n$ netloom ${args.join(' ')}`);
    const status = run(process.execPath, ['bin/netloom.js', ...args]);
    if (status !== 0) return status;
  }
  console.log(`\nAll of this happened in a sandbox, which is gone now. To stay in one: node bin/netloom.js sandbox`);
  return 0;
});
