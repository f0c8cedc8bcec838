import { expect, test } from 'vitest';
import type { Uplink } from '../../../src/model/report.ts';
import { buildGraph } from '../../../src/render/graph/build.ts';
import type { Graph } from '../../../src/render/graph/graph.ts';
import { UNMARKED } from '../../../src/render/graph/marks.ts';
import { edited, examples, fileGraph, load, planGraph, sixties } from './labs.ts';

/** `name: line, line` of everything in the picture that says something. */
function linesOf({ nodes, edges }: Graph): string[] {
  const parts = nodes.flatMap((node) => [node, ...node.ports, ...node.cells]);
  return [...parts, ...edges.map((edge) => ({ ...edge, name: edge.id }))].flatMap(({ name, lines, mark }) =>
    mark === undefined && lines.length === 0 && name === ''
      ? []
      : [`${mark ?? ''} ${name}: ${lines.map(({ text }) => text).join(', ')}`.trim()],
  );
}

const markedIn = (graph: Graph): string[] => linesOf(graph).filter((line) => /^(create|update|replace|delete) /.test(line));

test.each([...examples, ...sixties])(
  '%s: every namespace, bridge, interface, address, subnet and host port is in the picture',
  (_, topology) => {
    const graph = fileGraph(topology);
    const text = linesOf(graph).join('\n');
    const words = [
      ...topology.namespaces.map(({ name }) => name),
      ...topology.bridges.flatMap(({ name, subnet }) => [name, ...Object.values(subnet)]),
      ...topology.links.flatMap(({ ends }) => ends.flatMap(({ ifname, addresses }) => [ifname, ...addresses])),
      ...topology.subnets.flatMap(({ name, cidr }) => [...(name.includes(':') ? [] : [name]), ...Object.values(cidr)]),
      ...topology.publishes.filter(({ hostPort }) => hostPort < 7090 || hostPort > 7092).map(({ hostPort }) => String(hostPort)),
    ];
    expect(words.filter((word) => !text.includes(word))).toEqual([]);
    // Every line ends somewhere, and everything has an id of its own.
    const ids = graph.nodes.flatMap((node) => [node.id, ...node.ports.map(({ id }) => id)]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(graph.edges.flatMap(({ from, to }) => [from, to]).filter((id) => !ids.includes(id))).toEqual([]);
  },
);

test('a plan marks what comes, changes and goes, and says what else changes about a namespace', async () => {
  expect(markedIn(await planGraph(edited.after, edited.before))).toMatchInlineSnapshot(`
    [
      "delete 8081: → web01:81/tcp",
      "create 8082: → web01:82/tcp",
      "delete 8090: → gone:90/tcp",
      "update br-web: subnet web, 10.63.1.0/24, gateway 10.63.1.1, mtu 1400",
      "update web01-eth0:",
      "update web02-eth0:",
      "create br-new: subnet new, 10.63.3.0/24, gateway 10.63.3.1",
      "create new-eth0:",
      "delete br-old:",
      "update eth0: 10.63.1.2/24",
      "update eth0: 10.63.1.77/24",
      "replace c: 10.63.9.2/30",
      "create new:",
      "create eth0: 10.63.3.2/24",
      "replace a: 10.63.9.1/30",
      "delete gone: eth0 10.63.2.2/24, gone-eth0",
      "delete pc1: eth0 10.63.2.3/24, pc1-eth0",
      "delete pc2: eth0 10.63.2.4/24, pc2-eth0",
      "delete pc3: eth0 10.63.2.5/24, pc3-eth0",
      "delete pc4: eth0 10.63.2.6/24, pc4-eth0",
      "delete pc5: eth0 10.63.2.7/24, pc5-eth0",
      "delete pc6: eth0 10.63.2.8/24, pc6-eth0",
      "delete pc7: eth0 10.63.2.9/24, pc7-eth0",
      "delete pc8: eth0 10.63.2.10/24, pc8-eth0",
      "delete pc9: eth0 10.63.2.11/24, pc9-eth0",
      "update link:web01:eth0:",
      "update link:web02:eth0:",
      "create link:new:eth0:",
      "replace link:r1:a: 10.63.9.0/30",
    ]
  `);
});

test('many namespaces on one bridge stand in a rack, those with a second link do not', () => {
  const lab = load(`name: lab
subnets: { web: { ipv4: 10.63.1.0/24 } }
bridges: { br-web: { subnet: web } }
namespaces: { "pc(1-8)": {}, far: }
links: [["pc(1-8):eth0", br-web], { ends: [pc1:x, far:x], subnet: { ipv4: 10.63.9.0/30, gateway: false } }]
`);
  const { nodes } = fileGraph(lab);
  expect(nodes.find(({ kind }) => kind === 'rack')?.cells.map(({ name }) => name)).toEqual([
    'pc2',
    'pc3',
    'pc4',
    'pc5',
    'pc6',
    'pc7',
    'pc8',
  ]);
  expect(nodes.filter(({ kind }) => kind === 'namespace').map(({ name }) => name)).toEqual(['pc1', 'far']);
});

test('a live picture names the uplinks, and says where there are none', () => {
  const docker0 = examples.get('docker0.yaml') ?? edited.after;
  const outside = (...uplinks: Uplink[]): string[] =>
    linesOf(buildGraph(docker0, { ...UNMARKED, says: 'live', uplinks })).filter((line) => line.startsWith('outside'));
  expect(outside()).toEqual(['outside: the host has no default route']);
  expect(outside({ name: 'eth0', up: true, addresses: ['192.0.2.10/24'] })).toEqual(['outside: via eth0, 192.0.2.10/24']);
});
