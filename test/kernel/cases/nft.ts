import { type Case, nft } from './steps.ts';

export const nftCases: readonly Case[] = [
  {
    claim: 'an nft table with a base chain, rules and a map',
    runs: [
      [
        nft(
          'add table inet netloom-t',
          'add chain inet netloom-t forward { type filter hook forward priority 0; policy accept; }',
          'add chain inet netloom-t publish',
          'add map inet netloom-t ports { type inet_proto . inet_service : ipv4_addr . inet_service; }',
          'add set inet netloom-t direct { type ipv4_addr . inet_proto . inet_service; }',
          'add rule inet netloom-t publish dnat ip to meta l4proto . th dport map @ports',
          'add rule inet netloom-t forward oifname "br0" ct status dnat accept comment "br0: published ports"',
          'add element inet netloom-t direct { 10.0.0.2 . tcp . 80, 10.0.0.3 . tcp . 80 }',
          'add element inet netloom-t ports { tcp . 8080 comment "web01" : 10.0.0.2 . 80 }',
        ),
      ],
    ],
    holds: [
      'netloom-t chain forward 0: oifname "br0" ct status dnat accept comment "br0: published ports"',
      'netloom-t chain forward: filter forward 0 accept',
      'netloom-t chain publish',
      'netloom-t chain publish 0: dnat ip to meta l4proto . th dport map @ports',
      'netloom-t map ports tcp . 8080 -> 10.0.0.2 . 80 "web01"',
      'netloom-t map ports: inet_proto . inet_service to ipv4_addr . inet_service',
      'netloom-t set direct: ipv4_addr . inet_proto . inet_service {10.0.0.2 . tcp . 80, 10.0.0.3 . tcp . 80}',
    ],
  },
  {
    claim: 'an nft transaction is all or nothing',
    runs: [
      [nft('add table inet netloom-t', 'add chain inet netloom-t c')],
      [nft('add rule inet netloom-t c accept'), nft('add rule inet netloom-t nowhere accept')],
    ],
    statuses: ['skipped', 'failed'],
    holds: ['netloom-t chain c'],
  },
  {
    claim: 'an element is exchanged within a transaction',
    runs: [
      [
        nft(
          'add table inet netloom-t',
          'add map inet netloom-t ports { type inet_proto . inet_service : ipv4_addr . inet_service; }',
          'add element inet netloom-t ports { tcp . 8080 comment "web01" : 10.0.0.2 . 80 }',
        ),
      ],
      [
        nft(
          'delete element inet netloom-t ports { tcp . 8080 }',
          'add element inet netloom-t ports { tcp . 8080 comment "web02" : 10.0.0.3 . 80 }',
        ),
      ],
    ],
    holds: [
      'netloom-t map ports tcp . 8080 -> 10.0.0.3 . 80 "web02"',
      'netloom-t map ports: inet_proto . inet_service to ipv4_addr . inet_service',
    ],
  },
  {
    claim: 'a table goes with all it holds',
    runs: [
      [nft('add table inet netloom-t', 'add chain inet netloom-t c', 'add rule inet netloom-t c accept')],
      [['close', { do: 'nft', namespace: 'host', lines: ['delete table inet netloom-t'] }]],
    ],
    holds: [],
  },
  {
    claim: 'nft lines of one phase are one transaction where the first of them stands',
    runs: [
      [
        nft('add table inet netloom-t'),
        ['guard', { do: 'link-set', namespace: 'host', dev: 'nothing', set: { up: true } }],
        nft('add chain inet netloom-t c'),
      ],
    ],
    statuses: ['done', 'failed', 'done'],
    holds: ['netloom-t chain c'],
  },
];
