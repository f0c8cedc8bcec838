// npm runs this after an installation in a checkout, before `npm pack`, and for an installation straight from git, whose result has no
// dist/ otherwise. Without the packages for developing (`npm install --omit=dev`) there is nothing to build with.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, main, ROOT } from './setup.mjs';

await main(async () => {
  if (existsSync(join(ROOT, 'node_modules/.bin/tsc'))) ensureBuilt();
  return 0;
});
