import { expect, test } from 'vitest';
import { compile, NO_FACTS } from '../../src/pipeline/compile.ts';
import { loadTopology } from '../../src/topology/load.ts';

const lab = () => loadTopology('version: 1\nname: lab\nnamespaces: { web: { dns: host } }\n', 'lab.yaml');
const RESOLV = 'file:/etc/netns/web/resolv.conf';

test('compile: a topology is compiled once for all looks at a host, and anew for another host or topology', () => {
  const topology = lab();
  const model = compile(topology, NO_FACTS);
  expect(compile(topology, NO_FACTS)).toBe(model);
  expect(compile(lab(), NO_FACTS)).not.toBe(model);
  expect(model.has(RESOLV)).toBe(false);
  expect(compile(topology, { resolvers: ['192.0.2.53'] }).has(RESOLV)).toBe(true);
  expect(compile(topology, NO_FACTS).has(RESOLV)).toBe(false);
});
