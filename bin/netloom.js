#!/usr/bin/env node
// Plain JavaScript that any Node runs, so that an old one gets a sentence and not a syntax error.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
const main = new URL('../dist/cli/main.js', import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`netloom needs Node 20.19 or newer; this is ${process.versions.node}: install a current one from https://nodejs.org`);
  process.exitCode = 1;
} else if (!existsSync(main)) {
  console.error('netloom is not built yet: run `npm start` (installs, builds and shows an example) or `npm run build` in its folder');
  process.exitCode = 1;
} else {
  const { start } = await import(main.href);
  await start();
}
