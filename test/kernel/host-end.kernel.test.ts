import { afterEach, expect, test } from 'vitest';
import { converge } from '../support/converge.ts';
import { changesOf, destroy, kernel, load } from '../support/lab.ts';
import { pings } from '../support/sandbox.ts';

afterEach(async () => {
  await destroy('ends', { force: true });
});

const lab = (link: string) =>
  load(`
version: 1
name: ends
subnets: { up: { ipv4: 198.51.100.0/29, ipv6: "fd51:100::/64", gateway: "host:up0" } }
namespaces: { one: {}, two: {} }
links: [{ ends: [${link}], subnet: up }]
`);

test('link: an interface whose other end moves to another namespace gets all of its settings again', async () => {
  for (const namespace of ['one', 'two', 'one']) {
    const topology = lab(`${namespace}:eth0, host:up0`);
    await converge(kernel, topology);
    expect(await changesOf(topology)).toEqual([]);
    expect(await pings(namespace, 'fd51:100::1')).toBe(true);
  }
});
