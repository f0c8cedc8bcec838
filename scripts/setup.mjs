// What `npm start` and `npm test` need on a fresh clone, in plain JavaScript and without packages, since it runs before there are any.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Programs that netloom runs, and where Debian keeps them. */
const TOOLS = { ip: 'iproute2', nft: 'nftables', ping: 'iputils-ping', conntrack: 'conntrack', unshare: 'util-linux', perl: 'perl-base' };

/** A sentence for the user; nothing of ours is broken. */
export class SetupError extends Error {}

/** Prints the sentence of a SetupError and ends with 1; other errors are bugs and keep their trace. */
export async function main(body) {
  try {
    process.exitCode = await body();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}

export function setUp() {
  ensurePackages();
  ensureTools(TOOLS);
  ensureBuilt();
}

/** Runs a program with our terminal and returns its exit status. */
export function run(file, args, env = {}) {
  const result = spawnSync(file, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
  if (result.error) throw new SetupError(`cannot run ${file}: ${result.error.message}`);
  return result.status ?? 1;
}

/** Runs a program of node_modules/.bin. */
export const runBin = (name, args, env) => run(join(ROOT, 'node_modules', '.bin', name), args, env);

function ensurePackages() {
  if (packagesAreCurrent()) return;
  console.error('Installing packages (npm ci) …');
  if (run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund']) !== 0) {
    throw new SetupError('npm ci failed: is the registry that `npm config get registry` names reachable?');
  }
}

/** npm notes in node_modules/.package-lock.json what it has put there. */
function packagesAreCurrent() {
  const installed = readLock(join(ROOT, 'node_modules', '.package-lock.json'));
  const wanted = readLock(join(ROOT, 'package-lock.json'));
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    const there = installed[path]?.version;
    return path === '' || there === version || (optional === true && there === undefined && Object.keys(installed).length > 0);
  });
}

function readLock(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}

/** Installs what is missing where we may; else says what to install. `tools` names the package of each program. */
export function ensureTools(tools) {
  const missing = Object.keys(tools).filter((tool) => !isInstalled(tool));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => tools[tool]))];
  const byHand = `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing: install with \`apt-get install ${packages.join(' ')}\``;
  if (process.getuid?.() !== 0) throw new SetupError(`${byHand} as root (on other systems the packages have similar names).`);
  if (!isDebian()) throw new SetupError(`${byHand}, or the packages of your system that have them.`);
  console.error(`Installing ${packages.join(', ')} …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], env);
  const status = run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], env);
  if (status !== 0 || !missing.every(isInstalled)) throw new SetupError(`installing failed. ${byHand}.`);
}

function isInstalled(tool) {
  // Ordinary users often have no sbin in PATH; inside a sandbox it is there.
  const places = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return places.some((directory) => {
    try {
      accessSync(join(directory, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function isDebian() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) && isInstalled('apt-get');
}

/** Builds dist/ unless it comes from exactly these sources. */
export function ensureBuilt() {
  const stamp = join(ROOT, 'dist', '.sources');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()) return;
  console.error('Building …');
  if (run(process.execPath, ['scripts/build.mjs']) !== 0) throw new SetupError('the build failed; what it said is above.');
}

/** Notes what dist/ was built from. */
export function stampBuild() {
  writeFileSync(join(ROOT, 'dist', '.sources'), fingerprint());
}

function fingerprint() {
  // The code of the bundle is V8's own.
  const hash = createHash('sha256').update(`${process.versions.v8} ${process.arch}\0`);
  for (const path of [...SOURCES, ...filesBelow('src')]) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(ROOT, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

const SOURCES = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build.mjs',
  'scripts/code.mjs',
  'bin/bundle.js',
];

/** Paths of the files below a folder of the project, sorted. */
export function filesBelow(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true })
    .map((path) => join(folder, path))
    .filter((path) => statSync(join(ROOT, path)).isFile())
    .sort();
}
