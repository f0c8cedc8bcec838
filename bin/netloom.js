#!/usr/bin/env node
// Plain JavaScript that any Node runs, so that an old one gets a sentence and not a syntax error.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`netloom needs Node 20.19 or newer; this is ${process.versions.node}: install a current one from https://nodejs.org`);
  process.exitCode = 1;
} else {
  const { loadBundle } = require('./bundle.js');
  const bundle = loadBundle();
  if (bundle === undefined) {
    console.error('netloom is not built yet: run `npm start` (installs, builds and shows an example) or `npm run build` in its folder');
    process.exitCode = 1;
  } else {
    void bundle.exports.start();
  }
}
