import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** Every page that people read, from the root of the project. */
export const PAGES: readonly string[] = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].sort();

/** Those that a newcomer reads first. They are run in one sandbox, the others in another, at the same time. */
export const STARTING: readonly string[] = ['README.md', 'docs/tutorial.md', 'docs/troubleshooting.md', 'docs/ownership.md'];
