import { add, type Case, up } from './steps.ts';

export const namespacesCases: readonly Case[] = [
  { claim: 'an empty host', runs: [[]], holds: [] },
  { claim: 'a new namespace has lo, down', runs: [[add('a')]], holds: ['a lo: down mtu 65536'] },
  {
    claim: 'a name that is taken is refused, and what follows is skipped',
    runs: [[add('a')], [add('b'), add('a'), add('c')]],
    statuses: ['done', 'failed', 'skipped'],
    holds: ['a lo: down mtu 65536', 'b lo: down mtu 65536'],
  },
  {
    claim: 'operations run in the order of phases, whatever order they come in',
    runs: [[up('a', 'lo'), add('a')]],
    holds: ['a lo: up carrier mtu 65536'],
  },
  {
    claim: 'a second name leads to the same namespace',
    runs: [[add('a')], [['create', { do: 'netns-bind', name: 'b', source: 'a' }]]],
    holds: ['a lo: down mtu 65536', 'b is a'],
  },
  {
    claim: 'a second name of the host leads to the host',
    runs: [[['create', { do: 'netns-bind', name: 'a', source: 'host' }]]],
    holds: ['a is host'],
  },
  {
    claim: "a name attached to somebody else's namespace, which outlives it",
    runs: [
      [add('other')],
      [['create', { do: 'netns-attach', name: 'a', source: { path: '/run/netns/other' } }], up('a', 'lo')],
      [['forget', { do: 'netns-delete', name: 'a' }]],
      [['create', { do: 'netns-bind', name: 'b', source: 'other' }]],
    ],
    holds: ['b lo: up carrier mtu 65536'],
  },
  {
    claim: 'nothing is attached to another namespace than the one that was looked into',
    runs: [[add('b')], [['create', { do: 'netns-attach', name: 'a', source: { path: '/run/netns/b' }, inode: '0:0' }], add('c')]],
    statuses: ['failed', 'skipped'],
    holds: ['b lo: down mtu 65536'],
  },
  {
    claim: 'nothing is attached to what is not there, and no name is left behind',
    runs: [[['create', { do: 'netns-attach', name: 'a', source: { path: '/run/netns/nowhere' } }]]],
    statuses: ['failed'],
    holds: [],
  },
  {
    claim: 'a namespace lives until its last name goes',
    runs: [[add('a'), ['create', { do: 'netns-bind', name: 'b', source: 'a' }]], [['forget', { do: 'netns-delete', name: 'a' }]]],
    holds: ['b lo: down mtu 65536'],
  },
  {
    claim: 'files are written where there was no directory, and removed',
    runs: [
      [
        ['mark', { do: 'file-write', path: '/etc/netns/a/hosts', content: '# netloom:t\n' }],
        ['mark', { do: 'file-write', path: '/etc/netns/b/hosts', content: '# netloom:t\n' }],
        add('a'),
        add('b'),
      ],
      [['close', { do: 'file-delete', path: '/etc/netns/a/hosts' }]],
    ],
    holds: ['/etc/netns/b/hosts: "# netloom:t\\n"', 'a lo: down mtu 65536', 'b lo: down mtu 65536'],
  },
  {
    claim: 'a failure in one namespace does not stop another in the same phase, and ends the run after it',
    runs: [
      [add('a'), add('b')],
      [up('a', 'nothing'), up('a', 'lo'), up('b', 'lo'), ['raise', { do: 'netns-add', name: 'c' }]],
    ],
    statuses: ['failed', 'skipped', 'done', 'skipped'],
    holds: ['a lo: down mtu 65536', 'b lo: up carrier mtu 65536'],
  },
  {
    claim: 'deleting a name that is gone is done already',
    runs: [[['forget', { do: 'netns-delete', name: 'a' }]]],
    holds: [],
  },
];
