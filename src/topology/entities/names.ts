import { IFNAME_MAX } from '../../model/marks.ts';
import type { Code } from '../codes.ts';

/** What is wrong with a name. */
export interface BadName {
  readonly code: Code;
  readonly message: string;
  readonly hint: string;
}

const IFNAME = /^[a-zA-Z][a-zA-Z0-9_.-]*$/;

/** `lo` is in every namespace; `all` and `default` are directories of /proc/sys/net/ipv4/conf. */
const TAKEN = new Set(['lo', 'all', 'default']);

/** What is wrong with an interface name, or undefined. The kernel takes more, but `ip`, nft and paths read some of it otherwise. */
export function badIfname(name: string, what = 'interface name'): BadName | undefined {
  if (!IFNAME.test(name)) {
    return {
      code: 'E_NAME',
      message: `${JSON.stringify(name)} is not an ${what}`,
      hint: `it is 1 to ${IFNAME_MAX} of a-z A-Z 0-9 _ . - and begins with a letter`,
    };
  }
  if (TAKEN.has(name)) return { code: 'E_NAME', message: `${name} is a name of the kernel's own`, hint: 'choose another name' };
  if (name.length <= IFNAME_MAX) return undefined;
  return {
    code: 'E_NAME_LENGTH',
    message: `the name ${name} has ${name.length} characters, and Linux takes ${IFNAME_MAX}`,
    hint: `shorten it, to ${name.slice(0, IFNAME_MAX).replace(/[._-]+$/, '')} for instance`,
  };
}

const NAMESPACE_MAX = 63;

/** Words that mean something where a namespace can be named. */
const RESERVED: Readonly<Record<string, string>> = {
  host: "`host` is the host's own namespace and always there; its routes stand in the section `host`",
  outside: '`outside` means whatever is on none of the bridges; choose another name',
  default: '`default` is the default route; choose another name',
};

/** What is wrong with the name of a namespace, ranges already expanded; or undefined. */
export function badNamespace(name: string): BadName | undefined {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    const hint = `it is 1 to ${NAMESPACE_MAX} of a-z 0-9 - and begins with a letter`;
    return { code: 'E_NAME', message: `${JSON.stringify(name)} is not a name that can be used here`, hint };
  }
  if (name.length > NAMESPACE_MAX) {
    const message = `the name ${name.slice(0, 20)}… has ${name.length} characters, and a namespace may have ${NAMESPACE_MAX}`;
    return { code: 'E_NAME', message, hint: 'shorten it' };
  }
  const reserved = Object.hasOwn(RESERVED, name) ? RESERVED[name] : undefined;
  return reserved === undefined ? undefined : { code: 'E_NAME', message: `${name} is reserved`, hint: reserved };
}
