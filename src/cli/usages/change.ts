import { EXIT } from '../exit.ts';
import { ADOPT, CONFIRM, duration, KEEP_GOING, LOCK_TIMEOUT } from './options.ts';
import { REPORT_DOCUMENT, type Usage } from './usage.ts';

const GROUP = 'Change the host:';

/** Commands of this group of the help. */
export const CHANGE_USAGES: readonly Usage[] = [
  {
    name: 'apply',
    args: '[targets...]',
    synopsis: '[TARGET...]',
    group: GROUP,
    summary: 'make the host be what the files say',
    description:
      'Shows the plan and carries it out, in place where the kernel allows it. Does not ask. What fails is rolled back. A second run changes nothing. Removes what left the file, never a topology whose file is not given.',
    options: [
      ADOPT,
      ['--plan <file>', 'carry out a saved plan, unless what it was made from has moved; takes no TARGET'],
      ['--verify', 'run the checks afterwards'],
      CONFIRM,
      ['-y, --yes', 'go on where the change touches the way of your own SSH session'],
      KEEP_GOING,
      LOCK_TIMEOUT,
    ],
    examples: [
      ['netloom apply lab.yaml', 'converge'],
      ['netloom apply lab.yaml --confirm 60s', 'and go back unless `netloom confirm` comes within a minute'],
      ['netloom apply topologies/ --verify', 'every file, then their checks'],
      ['netloom apply --plan lab.plan', 'what `netloom plan --out lab.plan` has shown, and nothing else'],
      ['netloom sandbox -- netloom apply lab.yaml', 'the same on a throw-away host'],
    ],
    exits: [
      ['0', 'converged'],
      ['1', 'nothing was changed: an error, something is in the way, or the saved plan is stale'],
      ['3', 'failed and rolled back'],
      ['4', 'failed, not all rolled back; or --keep-going left something, or it did not stick'],
      ['5', 'converged, but a check failed'],
      ['75', 'another netloom is at work'],
    ],
    failure: EXIT.error,
    document: REPORT_DOCUMENT,
    load: () => import('../commands/apply.ts'),
  },
  {
    name: 'watch',
    args: '[targets...]',
    synopsis: '[TARGET...]',
    group: GROUP,
    summary: 'converge on every edit and on every drift',
    description:
      'Converges now, and again whenever a file or the host changes, until SIGTERM or ^C, which leave the network as it is. Prints one line for each thing that happens; with --json one JSON document a line. A wrong, empty or missing file keeps what it last said; nothing is removed because a file has gone, unless --prune is given. What fails in part keeps what worked and is tried again. SIGHUP looks at everything anew.',
    options: [
      ['--once', 'converge once and end, with the same care'],
      ['--prune', 'remove topologies of these places whose file has gone, and what an emptied file held'],
      ['--resync <duration>', 'look at everything this often, whatever was heard; 0: never (default: 5m)', duration],
      LOCK_TIMEOUT,
      ['--destroy-on-exit', 'remove the topologies when stopped'],
      ['--listen <address>', 'answer /healthz, /status and /metrics over HTTP: 127.0.0.1:9750, or unix:/run/netloom/watch.sock'],
      ['--listen-remote', 'let --listen name an address that other machines can reach; there is no password'],
    ],
    examples: [
      ['netloom watch', 'the files of this directory'],
      ['netloom watch /etc/netloom --prune', 'a directory that says all there is to be'],
      ['netloom watch lab.yaml --json | jq .event', 'for programs'],
      ['netloom watch --listen 127.0.0.1:9750', 'with health and metrics for Prometheus'],
    ],
    exits: [
      ['0', 'stopped by SIGTERM or SIGINT; with --once: converged'],
      ['1', 'there is nothing to watch; with --once: a file is wrong, or something is in the way'],
      ['4', 'with --once or --destroy-on-exit: failed in part'],
      ['75', 'with --once: another netloom is at work'],
    ],
    failure: EXIT.error,
    document: { event: 'failed' },
    load: () => import('../commands/watch.ts'),
  },
  {
    name: 'destroy',
    args: '[targets...]',
    synopsis: '[TARGET...]',
    group: GROUP,
    summary: 'remove what a topology owns',
    description:
      'Removes everything that topologies own on this host, remnants of a crash included, and nothing else. By name it works without the file. Asks on a terminal. That nothing is there is fine.',
    options: [
      ['--all', 'every topology of this host'],
      ['-y, --yes', 'do not ask'],
      ['--force', 'go on where processes keep a namespace alive'],
      KEEP_GOING,
      LOCK_TIMEOUT,
    ],
    examples: [
      ['netloom destroy shop', 'by name'],
      ['netloom destroy lab.yaml --yes', 'by file, in a script'],
      ['netloom destroy --all', "everything of netloom's"],
    ],
    exits: [
      ['0', 'gone, or was not there'],
      ['1', 'nothing was changed: an error, something is in the way, or the answer was no'],
      ['3', 'failed and rolled back'],
      ['4', 'failed, something is left; with --keep-going always'],
      ['75', 'another netloom is at work'],
    ],
    failure: EXIT.error,
    document: REPORT_DOCUMENT,
    load: () => import('../commands/destroy.ts'),
  },
  {
    name: 'confirm',
    args: '',
    synopsis: '',
    group: GROUP,
    summary: 'keep what apply --confirm has changed',
    description:
      'Keeps the change that waits to be confirmed, of every topology that it was made of; without it the host goes back at the deadline. Too late is an error.',
    options: [
      ['--status', 'only say what waits, until when, and how the last one has ended'],
      ['--revert', 'go back at once'],
      LOCK_TIMEOUT,
    ],
    examples: [
      ['netloom confirm', 'keep it'],
      ['netloom confirm --status', 'how long is there left?'],
    ],
    exits: [
      ['0', 'kept; with --revert: went back'],
      ['1', 'nothing waits to be confirmed, or it is too late'],
      ['4', '--revert: not all could be brought back'],
      ['75', 'another netloom is at work'],
    ],
    failure: EXIT.error,
    document: { pending: null, last: null },
    load: () => import('../commands/confirm.ts'),
  },
];
