// `npm run build`: dist/ from src/, module by module, and dist/bundle, which bin/ runs: everything in one file, with the code that V8 makes of it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { main, ROOT, runBin, SetupError, stampBuild } from './setup.mjs';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const BUNDLE = join(ROOT, 'dist', 'bundle', 'netloom.cjs');

await main(async () => {
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  if (runBin('tsc', ['-p', 'tsconfig.build.json']) !== 0) return 1;
  await bundle();
  await keepCode();
  stampBuild();
  return 0;
});

async function bundle() {
  const { build } = await import('esbuild');
  mkdirSync(join(ROOT, 'dist', 'bundle'), { recursive: true });
  await build({
    entryPoints: [join(ROOT, 'src', 'cli', 'bundle.ts')],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    // A program in CommonJS asks for Node's own modules where they are used, not all at its start.
    format: 'cjs',
    // 1.5 MB that `netloom graph` alone needs.
    external: ['elkjs'],
    legalComments: 'none',
    logLevel: 'warning',
    banner: { js: "const ownUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': 'ownUrl', NETLOOM_VERSION: JSON.stringify(version) },
  });
}

/** Has V8's code taken after real work, in a sandbox; where there can be none, after what needs no host. */
async function keepCode() {
  const { sandboxCommand } = await import('../dist/kernel/sandbox.js');
  const script = [process.execPath, join(ROOT, 'scripts', 'code.mjs')];
  const start = ([file, ...args]) => spawnSync(file, args, { cwd: ROOT, encoding: 'utf8' });
  if (start(sandboxCommand([...script, 'host'])).status === 0) return;
  const { status, stderr } = start(script);
  if (status !== 0) throw new SetupError(`the bundle does not run:\n${stderr}`);
}
