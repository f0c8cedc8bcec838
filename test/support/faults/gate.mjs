// Loaded into a real netloom by `node --import`: it waits at a FIFO, NETLOOM_GATE, before the first file or program that NETLOOM_GATE_BEFORE
// describes. There it can be stopped, and somebody else can change the host, at a place that is the same each time.
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { closeSync, openSync, readSync } = fs;
const { spawn } = childProcess;
const gate = process.env.NETLOOM_GATE ?? '';
const pattern = new RegExp(process.env.NETLOOM_GATE_BEFORE ?? '');
let passed = false;

/** @param {string} deed */
function waitBefore(deed) {
  if (passed || !pattern.test(deed)) return;
  passed = true;
  // Opens once the other side does; ends when that closes it.
  const fd = openSync(gate, 'r');
  readSync(fd, Buffer.alloc(1));
  closeSync(fd);
}

for (const name of ['mkdirSync', 'openSync', 'writeFileSync', 'renameSync', 'unlinkSync']) {
  const original = fs[name];
  fs[name] = (...args) => {
    const changes = name !== 'openSync' || (Number(args[1]) & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0;
    if (changes && typeof args[0] === 'string') waitBefore(`file ${args[0]}`);
    return original(...args);
  };
}
childProcess.spawn = (file, args, options) => {
  waitBefore([file, ...args].join(' '));
  return spawn(file, args, options);
};
syncBuiltinESMExports();
