import { SHELLS } from './shells.ts';

/** What may be the value of an option, by the name that its usage gives the value: `--out <file>`. A list: these words. */
export const VALUES: Readonly<Record<string, readonly string[] | 'files'>> = {
  file: 'files',
  when: ['always', 'never', 'auto'],
  format: ['svg', 'mermaid', 'dot'],
  theme: ['auto', 'light', 'dark'],
  duration: ['0', '10s', '60s', '5m'],
  count: [],
  address: ['127.0.0.1:9750', 'unix:/run/netloom/watch.sock'],
  name: [],
  cidr: [],
  ports: ['8080:80', 'no'],
};

export type ArgumentKind = 'targets' | 'topology' | 'namespace' | 'endpoint' | 'file' | 'command' | readonly string[];

/** What an argument is, by the name that its usage gives it. */
export const ARGUMENTS: Readonly<Record<string, ArgumentKind>> = {
  targets: 'targets',
  target: 'targets',
  name: 'topology',
  namespace: 'namespace',
  names: 'namespace',
  from: 'endpoint',
  to: 'endpoint',
  file: 'file',
  command: 'command',
  shell: SHELLS,
};
