import { topologyOfMark } from './marks.ts';

/**
 * Names of files on their way to become others. A kill may leave one, and the directory that it was meant for; the name tells whose it is,
 * as what is in it may be nothing yet: `/etc/netns/.netloom-shop.web01.hosts` is to be `/etc/netns/web01/hosts`.
 */
export function temporaryPath(path: string, content: string): string {
  const [, namespace, file] = /^\/etc\/netns\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const name = /^\/run\/netloom\/([^/]+)$/.exec(path)?.[1];
  if (namespace !== undefined && file !== undefined) {
    return `/etc/netns/.netloom-${topologyOfMark(content) ?? 'none'}.${namespace}.${file}`;
  }
  if (name === undefined) throw new Error(`refused path: ${JSON.stringify(path)}`);
  return `/run/netloom/.netloom-${/^[a-z][a-z0-9-]*/.exec(name)?.[0] ?? 'none'}.${name}`;
}

/** What a temporary file was to become; undefined for every other path. */
export function temporaryFor(path: string): string | undefined {
  const [, namespace, file] = /^\/etc\/netns\/\.netloom-[a-z0-9-]+\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_][A-Za-z0-9_.-]*)$/.exec(path) ?? [];
  if (namespace !== undefined && file !== undefined) return `/etc/netns/${namespace}/${file}`;
  const name = /^\/run\/netloom\/\.netloom-[a-z0-9-]+\.([a-z][a-z0-9-]*\.[a-z]+)$/.exec(path)?.[1];
  return name === undefined ? undefined : `/run/netloom/${name}`;
}

/** The topology in whose work a temporary file was left; undefined for every other path. */
export const topologyOfTemporary = (path: string): string | undefined =>
  temporaryFor(path) === undefined ? undefined : /\/\.netloom-([a-z0-9-]+)\./.exec(path)?.[1];
