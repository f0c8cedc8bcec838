import { readFileSync } from 'node:fs';

/** What `npm run build` writes into the bundle, which may be older than what lies beside it. */
declare const NETLOOM_VERSION: string | undefined;

/** netloom's own version, from package.json. */
export function versionText(): string {
  if (typeof NETLOOM_VERSION === 'string') return NETLOOM_VERSION;
  const about: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof about === 'object' && about !== null && 'version' in about ? String(about.version) : 'unknown';
}
