import { readFileSync } from 'node:fs';

/** netloom's own version, from package.json: the same from src/cli, from dist/cli and from dist/bundle. */
export function versionText(): string {
  const about: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof about === 'object' && about !== null && 'version' in about ? String(about.version) : 'unknown';
}
