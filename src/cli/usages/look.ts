import { EXIT } from '../exit.ts';
import { ADOPT, count, patience } from './options.ts';
import { PLAN_DOCUMENT, type Usage } from './usage.ts';

const GROUP = 'Look, change nothing:';

/** Commands of this group of the help. */
export const LOOK_USAGES: readonly Usage[] = [
  {
    name: 'validate',
    args: '[targets...]',
    synopsis: '[TARGET...]',
    group: GROUP,
    summary: 'check topology files',
    description:
      'Checks topology files and reports everything that is wrong with them at once. Needs no privileges and does not look at the host.',
    options: [],
    examples: [
      ['netloom validate', 'the files of this directory'],
      ['netloom validate lab.yaml', 'one file'],
      ['generate-lab | netloom validate -', 'what another program writes'],
    ],
    exits: [
      ['0', 'all files are right'],
      ['1', 'some are not'],
    ],
    failure: EXIT.error,
    document: { topologies: [] },
    load: () => import('../commands/validate.ts'),
  },
  {
    name: 'plan',
    args: '[targets...]',
    synopsis: '[TARGET...]',
    group: GROUP,
    summary: 'show what apply would change',
    description:
      'Compares topology files with the host and shows what would be created, changed in place, replaced or removed. Changes nothing.',
    options: [
      ADOPT,
      ['--out <file>', 'save the plan, for `netloom apply --plan`'],
      ['--script', 'print the same work as a shell script of ip, nft and sysctl lines'],
    ],
    examples: [
      ['netloom plan lab.yaml', 'what would change, for people'],
      ['netloom plan lab.yaml --json | jq .summary', 'and for programs'],
      ['netloom plan lab.yaml --out lab.plan', 'agree now, apply later, exactly that'],
      ['netloom plan lab.yaml --script > lab.sh', 'what one would do by hand'],
    ],
    exits: [
      ['0', 'nothing to do'],
      ['2', 'there are changes'],
      ['1', 'an error, or something is in the way'],
    ],
    failure: EXIT.error,
    document: { ...PLAN_DOCUMENT, out: null },
    load: () => import('../commands/plan.ts'),
  },
  {
    name: 'show',
    args: '[name]',
    synopsis: '[NAME]',
    group: GROUP,
    summary: 'who is connected to whom, through what',
    description:
      "Shows what netloom owns on this host: namespaces and their interfaces with the host's end of each, bridges, addresses, published ports, and what differs from the files. -v adds MTUs, MACs and routes; -q prints names alone.",
    options: [],
    examples: [
      ['netloom show', 'everything'],
      ['netloom show shop', 'one topology'],
      ['netloom show | grep web01-eth0', 'whose interface is that?'],
    ],
    exits: [
      ['0', 'shown'],
      ['1', 'an error, or netloom owns nothing of that name'],
    ],
    failure: EXIT.error,
    document: { topologies: [], uplinks: [], drift: [] },
    load: () => import('../commands/show.ts'),
  },
  {
    name: 'verify',
    args: '[targets...]',
    synopsis: '[TARGET...]',
    group: GROUP,
    summary: 'run the checks of the files',
    description:
      'Runs the `checks` of topology files on this host: pings and connections between namespaces, with a temporary listener where none listens.',
    options: [],
    examples: [
      ['netloom verify lab.yaml', 'every check'],
      ['netloom verify lab.yaml -q', 'only what fails'],
    ],
    exits: [
      ['0', 'all held'],
      ['5', 'some did not'],
      ['1', 'an error'],
    ],
    failure: EXIT.error,
    document: { topologies: [], checks: [], summary: { passed: 0, failed: 0 } },
    load: () => import('../commands/verify.ts'),
  },
  {
    name: 'trace',
    args: '<from> <to>',
    synopsis: 'FROM TO[:PORT][/PROTOCOL]',
    group: GROUP,
    summary: 'follow a packet hop by hop',
    description:
      'Sends one probe and shows the way that it takes: each interface, bridge and route, where it is rewritten, and, where it stops, at what and why. FROM is a namespace, host, an address, or outside: a machine beyond the uplink, from which nothing can be sent, so that the way is looked up. TO is a namespace, host or an address (IPv6 with a port in brackets). With a port it is tcp, else icmp. What it takes to see packets is gone when it ends, however it ends.',
    options: [
      ['-4, --ipv4', 'by IPv4, where both have both'],
      ['-6, --ipv6', 'by IPv6'],
      ['--serve', 'open a listener for the moment where nobody listens'],
      ['--timeout <duration>', 'how long to wait for an answer (default: 2s)', patience],
    ],
    examples: [
      ['netloom trace web01 db01', 'an echo'],
      ['netloom trace web02 db01:5432', 'why is that refused?'],
      ['netloom trace web01 [2001:db8::1]:53/udp', 'IPv6'],
      ['netloom trace outside 192.0.2.1:8080', 'a published port, as other machines see it'],
    ],
    exits: [
      ['0', 'it arrives'],
      ['5', 'it does not'],
      ['1', 'an error'],
    ],
    failure: EXIT.error,
    document: {
      from: null,
      to: null,
      protocol: null,
      port: null,
      family: null,
      source: null,
      destination: null,
      sent: false,
      arrives: null,
      reached: null,
      hops: [],
      cause: null,
      fullSize: null,
      notes: [],
      ms: null,
    },
    load: () => import('../commands/trace.ts'),
  },
  {
    name: 'log',
    args: '[name]',
    synopsis: '[NAME]',
    group: GROUP,
    summary: 'who has changed what, and when',
    description:
      'Shows the audit trail of this host: every apply and destroy with who ran it, when, from which file and commit, and what became of it; the newest last. -v adds the changes and the errors.',
    options: [['-n, --count <count>', 'the last so many; 0: all (default: 20)', count]],
    examples: [
      ['netloom log', 'the last twenty'],
      ['netloom log shop -n 1 -v', 'what was last done to one topology, in full'],
      ['netloom log -n 0 --json | jq .entries', 'all of it, for programs'],
    ],
    exits: [
      ['0', 'shown'],
      ['1', 'it may not be read'],
    ],
    failure: EXIT.error,
    document: { path: null, entries: [] },
    load: () => import('../commands/log.ts'),
  },
  {
    name: 'graph',
    args: '[target]',
    synopsis: '[TARGET]',
    group: GROUP,
    summary: 'a picture of a topology',
    description:
      'Draws one topology: namespaces, bridges, links with interfaces and addresses, subnets, published ports, the host and what is beyond it. Of the file alone it needs no privileges; --plan and --live look at the host, and mark what they say by colour and sign.',
    options: [
      ['--format <format>', 'svg (for browsers and pages), mermaid (for README files and pull requests) or dot (for Graphviz)'],
      ['--out <file>', 'write it there; the ending .svg, .mmd, .mermaid, .dot or .gv tells the format'],
      ['--plan', 'mark what apply would create (+), change (~), replace (±) and remove (-)'],
      ['--live', 'mark what is down (↓), missing (×), differs (≠) or is not in the file (?)'],
      ['--theme <theme>', 'of an SVG: light, dark, or auto, as the system of whoever looks has it'],
    ],
    examples: [
      ['netloom graph lab.yaml --out lab.svg', 'open it in a browser'],
      ['netloom graph lab.yaml --format mermaid', 'for a README: paste it into a mermaid block'],
      ['netloom graph lab.yaml --plan --out change.svg', 'what an apply would do, for whoever reviews it'],
      ['netloom graph lab --live --format dot | dot -Tpdf > lab.pdf', 'what is wrong right now'],
    ],
    exits: [
      ['0', 'drawn'],
      ['1', 'an error'],
    ],
    failure: EXIT.error,
    document: { topology: null, format: null, out: null, picture: null },
    load: () => import('../commands/graph.ts'),
  },
  {
    name: 'doctor',
    args: '[targets...]',
    synopsis: '[TARGET...]',
    group: GROUP,
    summary: 'is this host ready, and what is in the way',
    description:
      'Looks at programs and their versions, kernel, privileges, directories, other firewalls, Docker, settings, network services and what crashed runs have left, and says what to do about each that is not right. What the kernel can do is tried on a throw-away host. With a TARGET, what is in the way of just that is told too. Changes nothing.',
    options: [],
    examples: [
      ['netloom doctor', 'before the first apply, and when something does not work'],
      ['netloom doctor lab.yaml', 'is the host ready for this?'],
      ['netloom doctor -q', 'only what is not right'],
      ['netloom doctor --json | jq .ready', 'for programs'],
    ],
    exits: [
      ['0', 'ready, perhaps with warnings'],
      ['1', 'something is in the way, or an error'],
    ],
    failure: EXIT.error,
    document: { ready: false, findings: [] },
    load: () => import('../commands/doctor.ts'),
  },
  {
    name: 'import',
    args: '[names...]',
    synopsis: 'NAME... | --docker NETWORK...',
    group: GROUP,
    summary: 'what is there, as a topology file',
    description:
      "Writes the live state of bridges and namespaces, by their names, as a topology file, to standard output or a file that is not there yet. The name of one of netloom's topologies stands for all that it owns. What cannot be said is left out, with a warning and a comment. `netloom apply --adopt` of the file takes over what it shows. With --docker: bridge networks of Docker's with their running containers, as netloom would link them in Docker's place; the head of the file says how to move.",
    options: [
      ['--docker', "the names are networks of Docker's"],
      ['--name <name>', "the topology's name (default: whose it is, else the first NAME)"],
      ['--out <file>', 'write it there; nothing is overwritten'],
    ],
    examples: [
      ['netloom import br0 web01 web02 --out lab.yaml', 'what was made by hand'],
      ['netloom plan --adopt lab.yaml', 'what taking it over would change'],
      ['netloom import shop > shop.yaml', 'a topology whose file was lost'],
      ['netloom import --docker my-net --out my-net.yaml', "from Docker's network to netloom's"],
    ],
    exits: [
      ['0', 'written, perhaps with warnings'],
      ['1', 'an error, or there is no such bridge, namespace, topology or network'],
    ],
    failure: EXIT.error,
    document: { topology: null, out: null, text: null },
    load: () => import('../commands/import.ts'),
  },
];
