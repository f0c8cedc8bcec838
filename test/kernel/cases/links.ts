import { add, bridge, type Case, end, MAC, PAIR, QUIET_PAIR, remove, set, up, veth } from './steps.ts';

export const linksCases: readonly Case[] = [
  {
    claim: 'both ends of a veth are born in their namespaces',
    runs: [PAIR],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'a pair with an end in the host and a port of a bridge',
    runs: [[add('a'), bridge('br0'), veth(end('host', 'a-eth0', MAC.b), end('a', 'eth0', MAC.a), 'br0')]],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer host:a-eth0',
      'a lo: down mtu 65536',
      'host a-eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0 on br0',
      'host br0: bridge down mtu 1500 02:00:00:00:00:99 group 4242',
    ],
  },
  {
    claim: 'an interface name that is taken is refused',
    runs: [[bridge('br0')], [bridge('br0')]],
    statuses: ['failed'],
    holds: ['host br0: bridge down mtu 1500 02:00:00:00:00:99 group 4242'],
  },
  {
    claim: 'a name that is an altname of another is refused',
    runs: [[bridge('br0'), ['create', { do: 'altname-add', namespace: 'host', dev: 'br0', altname: 'br1' }]], [bridge('br1')]],
    statuses: ['failed'],
    holds: ['host br0: bridge down mtu 1500 02:00:00:00:00:99 group 4242 br1'],
  },
  {
    claim: 'altnames come and go',
    runs: [
      [
        add('a'),
        ['configure', { do: 'altname-add', namespace: 'a', dev: 'lo', altname: 'netloom:t:a:lo' }],
        ['configure', { do: 'altname-add', namespace: 'a', dev: 'lo', altname: 'netloom:t:a:x' }],
      ],
      [['configure', { do: 'altname-delete', namespace: 'a', dev: 'netloom:t:a:lo', altname: 'netloom:t:a:x' }]],
    ],
    holds: ['a lo: down mtu 65536 netloom:t:a:lo'],
  },
  {
    claim: 'one end of a pair takes the other along',
    runs: [PAIR, [remove('a', 'eth0')]],
    holds: ['a lo: down mtu 65536', 'b lo: down mtu 65536'],
  },
  {
    claim: 'links of the host go in bulk',
    runs: [
      [
        add('a'),
        bridge('br0'),
        ...['p0', 'p1'].map((name, index) => veth(end('host', name, MAC.b), end('a', `eth${index}`, MAC.a), 'br0')),
      ],
      [remove('host', 'p0'), remove('host', 'p1'), remove('host', 'br0')],
    ],
    holds: ['a lo: down mtu 65536'],
  },
  {
    claim: 'a namespace that goes takes the other ends along',
    runs: [
      PAIR,
      [
        ['remove', { do: 'link-delete', namespace: 'b', dev: 'eth0' }],
        ['forget', { do: 'netns-delete', name: 'a' }],
      ],
    ],
    holds: ['b lo: down mtu 65536'],
  },
  { claim: 'removing what is not there is done already', runs: [[remove('host', 'nothing')]], holds: [] },
  {
    claim: 'a link can be renamed and described in place',
    runs: [PAIR, [set('a', 'eth0', { name: 'lan0', alias: 'to b', mtu: 1400, mac: MAC.c, group: 7 })]],
    holds: [
      'a lan0: veth down mtu 1400 02:00:00:00:00:0c group 7 "to b" peer b:eth0',
      'a lo: down mtu 65536',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:lan0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'a renamed link is known by its altname',
    runs: [
      [...PAIR, ['configure', { do: 'altname-add', namespace: 'a', dev: 'eth0', altname: 'netloom:t:a:eth0' }]],
      [set('a', 'eth0', { name: 'x0' })],
      [set('a', 'netloom:t:a:eth0', { name: 'eth0' })],
    ],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 netloom:t:a:eth0 peer b:eth0',
      'a lo: down mtu 65536',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'an mtu below 68 is refused',
    runs: [PAIR, [set('a', 'eth0', { mtu: 67 })]],
    statuses: ['failed'],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'a bridge follows its smallest port',
    runs: [
      [
        add('a'),
        bridge('br0'),
        veth(end('host', 'p0', MAC.b, 1400), end('a', 'eth0', MAC.a), 'br0'),
        veth(end('host', 'p1', MAC.c, 1300), end('a', 'eth1', MAC.a), 'br0'),
      ],
    ],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer host:p0',
      'a eth1: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer host:p1',
      'a lo: down mtu 65536',
      'host br0: bridge down mtu 1300 02:00:00:00:00:99 group 4242',
      'host p0: veth down mtu 1400 02:00:00:00:00:0b group 4242 peer a:eth0 on br0',
      'host p1: veth down mtu 1300 02:00:00:00:00:0c group 4242 peer a:eth1 on br0',
    ],
  },
  {
    claim: 'a bridge whose mtu was set keeps it',
    runs: [
      [
        add('a'),
        bridge('br0'),
        set('host', 'br0', { mtu: 1500 }, 'create'),
        set('host', 'br0', { mtu: 9000 }, 'create'),
        veth(end('host', 'p0', MAC.b, 1400), end('a', 'eth0', MAC.a), 'br0'),
      ],
    ],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer host:p0',
      'a lo: down mtu 65536',
      'host br0: bridge down mtu 9000 02:00:00:00:00:99 group 4242',
      'host p0: veth down mtu 1400 02:00:00:00:00:0b group 4242 peer a:eth0 on br0',
    ],
  },
  {
    claim: 'setting a bridge the mtu that it has pins nothing',
    runs: [
      [
        add('a'),
        bridge('br0'),
        set('host', 'br0', { mtu: 1500 }, 'create'),
        veth(end('host', 'p0', MAC.b, 1400), end('a', 'eth0', MAC.a), 'br0'),
      ],
    ],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer host:p0',
      'a lo: down mtu 65536',
      'host br0: bridge down mtu 1400 02:00:00:00:00:99 group 4242',
      'host p0: veth down mtu 1400 02:00:00:00:00:0b group 4242 peer a:eth0 on br0',
    ],
  },
  {
    claim: 'a bridge without ports goes back to 1500',
    runs: [
      [add('a'), bridge('br0'), veth(end('host', 'p0', MAC.b, 1400), end('a', 'eth0', MAC.a), 'br0')],
      [set('host', 'p0', { master: null })],
    ],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer host:p0',
      'a lo: down mtu 65536',
      'host br0: bridge down mtu 1500 02:00:00:00:00:99 group 4242',
      'host p0: veth down mtu 1400 02:00:00:00:00:0b group 4242 peer a:eth0',
    ],
  },
  {
    claim: 'a port has options, which go when it moves to another bridge',
    runs: [
      [add('a'), bridge('br0'), bridge('br1'), veth(end('host', 'p0', MAC.b), end('a', 'eth0', MAC.a), 'br0')],
      [set('host', 'p0', { isolated: true, hairpin: true })],
      [set('host', 'p0', { master: 'br1' })],
      [set('host', 'p0', { hairpin: true })],
    ],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer host:p0',
      'a lo: down mtu 65536',
      'host br0: bridge down mtu 1500 02:00:00:00:00:99 group 4242',
      'host br1: bridge down mtu 1500 02:00:00:00:00:99 group 4242',
      'host p0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0 on br1 hairpin',
    ],
  },
  {
    claim: 'port options of what is no port are refused',
    runs: [PAIR, [set('a', 'eth0', { isolated: true })]],
    statuses: ['failed'],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'a bridge runs the spanning tree on request',
    runs: [[bridge('br0'), set('host', 'br0', { stp: true })]],
    holds: ['host br0: bridge down mtu 1500 02:00:00:00:00:99 group 4242 stp'],
  },
  {
    claim: 'both ends up give a carrier',
    runs: [[...QUIET_PAIR, up('a', 'eth0')], [up('b', 'eth0')]],
    holds: [
      'a eth0: veth up carrier mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'b eth0: veth up carrier mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'one end up gives none',
    runs: [[...QUIET_PAIR, up('a', 'eth0')]],
    holds: [
      'a eth0: veth up mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
];
