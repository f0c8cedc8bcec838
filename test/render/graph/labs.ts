import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFakeKernel } from '../../../src/kernel/fake/index.ts';
import type { Topology } from '../../../src/model/topology.ts';
import { planTopology } from '../../../src/pipeline/plan.ts';
import { buildGraph } from '../../../src/render/graph/build.ts';
import type { Graph, GraphNode, Line } from '../../../src/render/graph/graph.ts';
import { planMarking, UNMARKED } from '../../../src/render/graph/marks.ts';
import { loadTopology } from '../../../src/topology/load.ts';
import { converge } from '../../support/converge.ts';

const FOLDER = join(import.meta.dirname, '../../../topologies');

/** Every worked example, by file name. */
export const examples: ReadonlyMap<string, Topology> = new Map(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, loadTopology(readFileSync(join(FOLDER, name)), name)] as const),
);

export const load = (text: string): Topology => loadTopology(`version: 1\n${text}`, 'lab.yaml');

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

/** A link between two namespaces with a network of its own. */
const cable = (network: number, from: string, to: string): string =>
  `  - { ends: ["${from}", "${to}"], subnet: { ipv4: 10.60.${network}.0/30, gateway: false } }`;

/** Labs of sixty namespaces in the shapes that labs have. */
export const sixties: ReadonlyMap<string, Topology> = new Map(
  Object.entries({
    'all on one bridge': `name: star
subnets: { lab: { ipv4: 10.61.0.0/24, ipv6: "fd00:61::/64" } }
bridges: { br-lab: { subnet: lab } }
namespaces: { "pc(01-60)": { expose: [80, 53/udp], publishAll: true } }
links: [["pc(01-60):eth0", br-lab]]
`,
    'three bridges, two routers': `name: mixed
description: ${'sixty namespaces on three bridges, behind two routers; with a description that is longer than its picture is wide '.repeat(3)}
subnets: { a: { ipv4: 10.61.1.0/24 }, b: { ipv4: 10.61.2.0/24 }, c: { ipv4: 10.61.3.0/24, gateway: "r2:lan0" } }
bridges: { br-a: { subnet: a }, br-b: { subnet: b, icc: false }, br-c: { subnet: c, mtu: 9000 } }
namespaces: { r1: { forwarding: true }, r2: { forwarding: true }, "a(01-30)": {}, "b(01-24)": {}, "c(01-04)": {} }
links:
  - ["a(01-30):eth0", br-a]
  - ["b(01-24):eth0", br-b]
  - ["c(01-04):eth0", br-c]
  - [r1:lan0, br-b]
  - [r2:lan0, br-c]
${cable(1, 'r1:to-r2', 'r2:to-r1')}
`,
    'routers in a row': `name: row
namespaces: { "r(01-60)": { forwarding: true } }
links:
${numbers(59)
  .map((at) => cable(at, `r${two(at)}:east`, `r${two(at + 1)}:west`))
  .join('\n')}
`,
    'a tree': `name: tree
namespaces: { "n(01-60)": { forwarding: true } }
links:
${numbers(59)
  .map((at) => cable(at, `n${two(Math.ceil(at / 3))}:down${at}`, `n${two(at + 1)}:up`))
  .join('\n')}
`,
    'twelve bridges': `name: bridges
subnets: { ${numbers(12).map((at) => `s${at}: { ipv4: 10.62.${at}.0/24 }`)} }
bridges: { ${numbers(12).map((at) => `br${at}: { subnet: s${at} }`)} }
namespaces: { "m(01-60)": {} }
links:
${numbers(60)
  .map((at) => `  - ["m${two(at)}:eth0", br${1 + (at % 12)}]`)
  .join('\n')}
  - [m01:eth1, br7]
  - [m02:eth1, br9]
`,
  }).map(([name, text]) => [name, load(text)] as const),
);

function two(number: number): string {
  return String(number).padStart(2, '0');
}

export const fileGraph = (topology: Topology): Graph => buildGraph(topology, UNMARKED);

/** What a plan would do on an empty host, or on one that has another version of the topology. */
export async function planGraph(topology: Topology, before?: Topology): Promise<Graph> {
  const kernel = createFakeKernel();
  if (before !== undefined) await converge(kernel, before);
  return buildGraph(topology, planMarking((await planTopology(kernel, topology, { adopt: false })).changes));
}

/** Two versions of one lab: everything that a plan can say is in the difference. */
export const edited = {
  before: load(`name: lab
subnets: { web: { ipv4: 10.63.1.0/24 }, old: { ipv4: 10.63.2.0/24 } }
bridges: { br-web: { subnet: web }, br-old: { subnet: old } }
namespaces: { web01: { publish: ["8080:80", "8081:81"] }, web02: , gone: { publish: ["8090:90"] }, r1: { forwarding: true }, "pc(1-9)": {} }
links:
  - [web01:eth0, br-web]
  - [web02:eth0, br-web]
  - [gone:eth0, br-old]
  - ["pc(1-9):eth0", br-old]
  - { ends: [r1:a, web01:b], subnet: { ipv4: 10.63.9.0/30, gateway: false } }
`),
  after: load(`name: lab
subnets: { web: { ipv4: 10.63.1.0/24 }, new: { ipv4: 10.63.3.0/24 } }
bridges: { br-web: { subnet: web, mtu: 1400 }, br-new: { subnet: new } }
namespaces: { web01: { publish: ["8080:80", "8082:82"] }, web02: { sysctls: { net.core.somaxconn: 1024 } }, new: , r1: { forwarding: true, aliases: [router] } }
links:
  - [web01:eth0, br-web]
  - { ends: [web02:eth0, br-web], addresses: [10.63.1.77] }
  - [new:eth0, br-new]
  - { ends: [r1:a, web02:c], subnet: { ipv4: 10.63.9.0/30, gateway: false } }
`),
} as const;

/** Texts that try to be something else, in XML, Mermaid, DOT or YAML. Files cannot say most of them; a picture trusts none. */
const EVIL = [
  '</text><script>document.title="x"</script>',
  '"quoted" \'twice\' & &amp; ]]>',
  'end --> %% `md` {{x}} | ]) }} :::a',
  '#35;#quot; \\" \\N \\l',
  '1. list',
  '- item <br/> <b>',
  '日本語 café \u202e\u0007\n\u001b[31m',
  '<TABLE><TR><TD>',
] as const;

const evilLines = EVIL.map((text): Line => ({ text, tone: 'note' }));

export const hostile: Graph = {
  title: EVIL.join(' '),
  description: EVIL.join(' '),
  says: 'file',
  nodes: EVIL.flatMap((text, index): GraphNode[] => {
    const node = { caption: text, name: text, lines: evilLines, cells: [] };
    const part = { name: text, lines: evilLines };
    return [
      { ...node, id: `a ${text}`, kind: 'namespace', ports: [{ ...part, id: `x ${text}` }] },
      { ...node, id: `b ${text}`, kind: 'bridge', ports: [{ ...part, id: `y ${text}` }] },
      { ...node, id: `c ${text}`, kind: 'rack', name: '', ports: [], cells: [{ ...part, id: `z${index}` }] },
    ];
  }),
  edges: EVIL.map((text) => ({ id: `e ${text}`, kind: 'link', from: `x ${text}`, to: `y ${text}`, lines: evilLines })),
};
