import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LanguageServer } from '../support/language-server.ts';

const ROOT = join(import.meta.dirname, '../..');
const SCHEMA = pathToFileURL(join(ROOT, 'schemas/topology.schema.json')).href;

const HEAD = 'version: 1\nname: lab\n';

let server: LanguageServer;
beforeAll(async () => {
  server = await LanguageServer.start({ schemas: { [SCHEMA]: '*.yaml' }, schemaStore: { enable: false }, validate: true });
});
afterAll(() => server.stop());

describe('hover: a key is explained', () => {
  test.each([
    ['a section', `${HEAD}brid|ges:\n  br-web:\n`, ["Bridges in the host's namespace", 'br-web:\n  subnet: web']],
    ['a name that was chosen', `${HEAD}namespaces:\n  web|01:\n    forwarding: true\n`, ['A network namespace.', 'aliases:']],
    ['a key with an example', `${HEAD}bridges:\n  br-web:\n    sub|net: web\n`, ['by its name in `subnets`', '```yaml\nweb\n```']],
    [
      'its values',
      `${HEAD}bridges:\n  br-web: { inb|ound: open }\n`,
      ['`published`: only published ports', '* `open`', 'Default: published.'],
    ],
    ['a key that has a definition behind it', `${HEAD}links:\n  - { ends: [a:b, c], mt|u: 1500 }\n`, ['MTU of both ends', '9000']],
    [
      'a text with a form of its own',
      `${HEAD}namespaces:\n  a:\n    publish: ["80|80:80"]\n`,
      ['`[ADDRESS:][HOSTPORT:]PORT', '127.0.0.1:8443:443'],
    ],
    ['an end of a link', `${HEAD}links:\n  - [we|b01:eth0, br-web]\n`, ['`namespace:interface`', 'br-web']],
    [
      'a key of a check',
      `${HEAD}checks:\n  - { from: a, to: b, ping: true, exp|ect: refused }\n`,
      ['What must be seen', '* `unreachable`'],
    ],
  ])('%s', async (_, text, parts) => {
    const shown = await server.hover(text);
    for (const part of parts) expect(shown).toContain(part);
  });
});

describe('completion: what may stand there is offered', () => {
  const labels = async (text: string) => (await server.complete(text)).map(({ label }) => label);

  test.each([
    ['sections', `${HEAD}|`, ['subnets', 'bridges', 'namespaces', 'links', 'host', 'checks', 'defaults', 'description']],
    ['keys of a bridge', `${HEAD}bridges:\n  br0:\n    |`, ['subnet', 'mtu', 'mac', 'stp', 'nat', 'inbound', 'icc', 'internal', 'allow']],
    [
      'keys of a namespace',
      `${HEAD}namespaces:\n  a:\n    |`,
      [
        'publish',
        'expose',
        'publishAll',
        'aliases',
        'dns',
        'forwarding',
        'routes',
        'sysctls',
        'share',
        'attach',
        'masquerade',
        'interfaces',
      ],
    ],
    [
      'keys of an end',
      `${HEAD}links:\n  - ends:\n      - at: a:eth0\n        |`,
      ['name', 'addresses', 'mac', 'mtu', 'linkLocal', 'defaultRoute'],
    ],
    ['keys of a check', `${HEAD}checks:\n  - |`, ['from', 'to', 'ping', 'tcp', 'udp', 'expect', 'timeout', 'serve', 'source', 'family']],
    ['what to attach to', `${HEAD}namespaces:\n  a:\n    attach:\n      |`, ['container', 'pid', 'path']],
    ['words', `${HEAD}bridges:\n  br0:\n    inbound: |`, ['published', 'open']],
    ['words and flags', `${HEAD}bridges:\n  br0:\n    nat: |`, ['true', 'false', 'ipv4', 'ipv6']],
    ['flags', `${HEAD}namespaces:\n  a:\n    forwarding: |`, ['true', 'false']],
    [
      'types of routes',
      `${HEAD}namespaces:\n  a:\n    routes:\n      - to: default\n        type: |`,
      ['blackhole', 'unreachable', 'prohibit'],
    ],
    ['forms of a published port', `${HEAD}namespaces:\n  a:\n    publish:\n      - |`, ['8080:80', '127.0.0.1:8443:443', '53:53/udp']],
    ['a link, written out', `${HEAD}links:\n  - |`, ['ends, addresses', '["web01:eth0","br-web"]']],
  ])('%s', async (_, text, wanted) => expect(await labels(text)).toEqual(expect.arrayContaining(wanted)));

  test('nothing that is reserved, and nothing nameless', async () => {
    for (const text of [`${HEAD}|`, `${HEAD}bridges:\n  br0:\n    |`, `${HEAD}namespaces:\n  a:\n    |`, `${HEAD}links:\n  - |`]) {
      const found = await labels(text);
      expect(found.filter((label) => /vlan|vxlan|uplinks|external|object Object/.test(label))).toEqual([]);
    }
  });

  test('every key is offered with its explanation', async () => {
    const offers = await server.complete(`${HEAD}bridges:\n  br0:\n    |`);
    expect(offers.filter(({ documentation }) => !documentation).map(({ label }) => label)).toEqual([]);
  });
});

describe('diagnostics', () => {
  const folder = join(ROOT, 'topologies');
  // Their first line names the schema by a path that is not there where the editor thinks that the file is.
  const textOf = (name: string) => readFileSync(join(folder, name), 'utf8').replace(/^# yaml-language-server:.*$/m, '#');

  test.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('none in topologies/%s', async (name) => {
    expect(await server.faults(textOf(name))).toEqual([]);
  });

  test('a file with mistakes has them at their lines', async () => {
    const text = `${HEAD}bridges:\n  br0: { stp: yes, inbnd: open, inbound: opened }\nlinks:\n  - [a:eth0]\n  - { ends: [a:eth1, br0], mtu: 60 }\n`;
    expect(await server.faults(text)).toEqual([
      '4: Incorrect type. Expected "boolean".',
      '4: Value is not accepted. Valid values: "published", "open".',
      '4: Property inbnd is not allowed.',
      '6: Array has too few items. Expected 2 or more.',
      '7: Value is below the minimum of 68.',
    ]);
  });

  test('the line that topologies/ begin with finds the schema by itself', async () => {
    const line = `# yaml-language-server: $schema=${SCHEMA}\n`;
    const found = await server.faults(`${line}${HEAD}bridges: []\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^4: Incorrect type/);
  });
});
