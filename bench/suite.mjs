// What is measured: cases, and who competes in each. A contender gives steps (see inside.mjs), or prints its own times.
import { TOPOLOGIES } from './cases.mjs';
import { cni, docker, ifupdown2, mininet } from './peers/contenders.mjs';

const netns = (name, argv) => ['nsenter', `--net=/run/netns/${name}`, '--', ...argv];
const ping = (address) => ['ping', '-c', '1', '-W', '1', '-q', address];

/** The life of a lab with netloom; `usable` tells that it works. */
const netloom =
  (topology, size, usable) =>
  ({ netloom }, write) => {
    const [file, edited] = [write(TOPOLOGIES[topology](size)), write(TOPOLOGIES[topology](size, true))];
    return {
      steps: [
        { phase: 'apply', argv: [...netloom, 'apply', '-q', file], ...(usable ? { usable } : {}) },
        { phase: 'plan', argv: [...netloom, 'plan', file] },
        { phase: 'edit', argv: [...netloom, 'apply', '-q', edited] },
        { phase: 'destroy', argv: [...netloom, 'destroy', topology, '--yes', '-q'], until: 'gone' },
      ],
    };
  };

const SECONDS = String.raw`(\d+\.\d+)`;

/** star.sh prints `up 1.234 read … down … (all gone after …)`. */
const shell =
  (size) =>
  ({ baseline }) => ({
    argv: ['bash', baseline('star.sh'), `${size}`],
    reads: {
      pattern: new RegExp(`up ${SECONDS} read ${SECONDS} down ${SECONDS} \\(all gone after ${SECONDS}\\)`),
      phases: ['apply', 'plan', 'destroy', 'gone'],
    },
  });

const floor =
  (size) =>
  ({ floor }) => ({
    steps: [
      { phase: 'apply', argv: [floor, 'up', `${size}`] },
      { phase: 'plan', argv: [floor, 'read', `${size}`] },
      { phase: 'destroy', argv: [floor, 'down', `${size}`], until: 'gone' },
    ],
  });

const star = (size, rounds, { peers = {}, quick = false } = {}) => ({
  name: `star-${size}`,
  text: `a star of ${size}: namespaces on one bridge a thousand`,
  rounds,
  quick,
  contenders: {
    netloom: netloom('star', size, netns('n0-000', ping('10.0.0.1'))),
    ...(size <= 1000 ? { shell: shell(size), floor: floor(size) } : {}),
    ...peers,
  },
});

/** Start-up: the same small lab, over and over. */
const startup = {
  name: 'start-up',
  text: 'docker0.yaml: validate, and a plan with nothing to do, against `node -e 0`',
  rounds: 5,
  quick: true,
  contenders: {
    netloom: ({ netloom, node, root }) => {
      const file = `${root}/topologies/docker0.yaml`;
      return {
        steps: [
          { phase: 'apply', argv: [...netloom, 'apply', '-q', file] },
          { phase: 'node', argv: [node, '-e', '0'], times: 7 },
          { phase: 'validate', argv: [...netloom, 'validate', file], times: 7 },
          { phase: 'plan', argv: [...netloom, 'plan', file], times: 7 },
          { phase: 'node again', argv: [node, '-e', '0'], times: 7 },
        ],
      };
    },
  },
};

/** One of 2,000 published ports changed, against `nft -f` of the whole table, by hand. */
const publishes = {
  name: 'publishes-2000',
  text: '2,000 published ports of 20 namespaces on one bridge',
  rounds: 3,
  quick: true,
  contenders: {
    netloom: (tools, write) => {
      const { steps } = netloom('publishes', 2000, netns('p00', ping('172.30.0.1')))(tools, write);
      const table = write('');
      const name = 'inet netloom-publishes';
      const byHand = [
        { argv: ['nft', 'list', 'table', ...name.split(' ')], fetch: { to: table, before: `add table ${name}\ndelete table ${name}\n` } },
        { phase: 'nft -f', argv: ['nft', '-f', table] },
        { phase: 'validate', argv: [...tools.netloom, 'validate', `${tools.root}/topologies/docker0.yaml`], times: 3 },
      ];
      return { steps: [...steps.slice(0, 3), ...byHand, ...steps.slice(3)] };
    },
  },
};

/** A second apply, which finds nothing to do, after the plan that says so. */
const withSecondApply =
  (contender) =>
  (...context) => {
    const { steps } = contender(...context);
    return { steps: steps.flatMap((step) => (step.phase === 'plan' ? [step, { ...steps[0], phase: 'again' }] : [step])) };
  };

const own = (topology, size, text, usable, quick = false) => ({
  name: `${topology}-${size}`,
  text,
  rounds: 3,
  quick,
  contenders: { netloom: netloom(topology, size, usable) },
});

export const CASES = [
  startup,
  star(10, 5, { quick: true }),
  star(100, 3, { peers: { cni: cni(100) }, quick: true }),
  star(200, 3, { peers: { mininet: mininet(200), cni: cni(200) } }),
  star(300, 3),
  star(1000, 3, { quick: true }),
  star(4000, 2),
  own('chain', 100, '100 routers in a row, with static routes to both ends', netns('r00', [...ping('192.0.2.2'), '-I', '192.0.2.1'])),
  own('mesh', 40, '40 namespaces, each linked to each other: 780 links', netns('m00', ping('10.0.0.2')), true),
  publishes,
  {
    name: 'containers-20',
    text: '20 namespaces on one bridge that publish a port each, against 20 containers of Docker',
    rounds: 3,
    quick: true,
    contenders: { netloom: netloom('containers', 20, netns('c00', ping('172.30.0.1'))), docker: docker(20) },
  },
  {
    name: 'bridges-200',
    text: '200 bridges with an address and a veth each',
    rounds: 3,
    quick: false,
    contenders: { netloom: withSecondApply(netloom('bridges', 200)), ifupdown2: ifupdown2(200) },
  },
];
