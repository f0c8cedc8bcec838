// Loads dist/bundle/netloom.cjs with the code that V8 has made of it at build time, so that hardly anything is parsed or compiled at a start.
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

const FILE = join(__dirname, '..', 'dist', 'bundle', 'netloom.cjs');

/** The newest V8 that is known to know the flag below; one that does not would complain of it on standard error. */
const KNOWN_V8 = 13;

/** What V8 has made of it. Another V8, or one with other flags, refuses it and compiles as ever. */
exports.CODE = `${FILE}.${process.versions.v8}-${process.arch}.code`;

/** esbuild writes ASCII alone, which is quickest to read as what it is. The bundle's exports, and the script for `npm run build` to take the code of; undefined where nothing is built. */
exports.loadBundle = () => {
  // V8 optimises what has run for this many bytes of bytecode, 15 times its own choice: most of what it would optimise in a run of seconds is over
  // before that has paid. Before the script, as code made under other flags is refused. See docs/performance.md, start-up.
  if (Number.parseInt(process.versions.v8, 10) <= KNOWN_V8) setFlagsFromString('--interrupt-budget=1000000');
  const source = read(FILE, 'latin1');
  if (source === undefined) return undefined;
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: FILE,
    cachedData: read(exports.CODE),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(FILE), module, FILE, dirname(FILE));
  return { exports: module.exports, script };
};

function read(path, encoding) {
  try {
    return readFileSync(path, encoding);
  } catch {
    return undefined;
  }
}
