import type { SchemaFragment } from '../../model/resource.ts';

const later = (description: string) => ({ description, not: {}, errorMessage: 'not supported yet', doNotSuggest: true });

const reserved = {
  delay: later('Link impairment. Reserved.'),
  jitter: later('Link impairment. Reserved.'),
  loss: later('Link impairment. Reserved.'),
  rate: later('Link impairment. Reserved.'),
  vxlan: later('A tunnel between hosts. Reserved.'),
  macvlan: later('An interface on the segment of a physical one. Reserved.'),
  ipvlan: later('An interface on the segment of a physical one. Reserved.'),
  vlan: later('VLAN of a port. Reserved.'),
  vlans: later('VLANs of a port. Reserved.'),
};

/** Links: veth pairs between a namespace and a bridge, or between two namespaces. */
export const schema: SchemaFragment = {
  topology: {
    links: {
      description:
        'Veth pairs, each between two ends: `namespace:interface` and a bridge, or two times `namespace:interface`. The order of the ends means nothing; the order of the links decides who gets which automatic address.',
      type: ['array', 'null'],
      items: { $ref: '#/$defs/link' },
      examples: [[['web01:eth0', 'br-web']]],
    },
  },
  defaults: {
    mtu: { description: 'MTU of bridges and links that do not give one. Default: 1500.', $ref: '#/$defs/mtu' },
  },
  definitions: {
    link: {
      description:
        'Two ends, `[web01:eth0, br-web]`, or a mapping with `ends` and what else is to be said. A range fans out against one end: `[pc(01-20):eth0, br-lan]`.',
      type: ['array', 'object'],
      examples: [['web01:eth0', 'br-web'], { ends: ['web02:eth0', 'br-web'], addresses: ['172.30.1.10'] }],
      items: { $ref: '#/$defs/end' },
      minItems: 2,
      maxItems: 2,
      required: ['ends'],
      additionalProperties: false,
      properties: {
        ends: {
          description: 'The two ends of the link.',
          type: 'array',
          items: { $ref: '#/$defs/end' },
          minItems: 2,
          maxItems: 2,
          examples: [['web01:eth0', 'br-web']],
        },
        addresses: {
          description: 'Addresses of the end that is not the bridge. Absent: one automatic address of each family that the subnet has.',
          $ref: '#/$defs/addresses',
        },
        mac: { description: 'MAC of the end that is not the bridge. Default: derived from the names.', $ref: '#/$defs/mac' },
        mtu: { description: "MTU of both ends. Default: the bridge's, else that of `defaults`.", $ref: '#/$defs/mtu' },
        defaultRoute: { $ref: '#/$defs/defaultRoute' },
        subnet: {
          description: 'Of a link between two namespaces: the subnet that addresses both ends, by name or written out.',
          $ref: '#/$defs/subnetOrName',
        },
        as: {
          description:
            "One-way aliases, `{ NAMESPACE: ALIAS }`: that namespace alone, and nobody else, resolves the alias, to the other end of this link. For the link's own namespace the other end is the peer, or the bridge itself; for another member of the bridge it is the link's namespace.",
          type: 'object',
          propertyNames: {
            pattern: '^[a-z][a-z0-9-]*([(][0-9]+-[0-9]+[)][a-z0-9-]*)?$',
            patternErrorMessage: 'write { NAMESPACE: ALIAS }: the namespace that is to know the other end by the alias',
          },
          additionalProperties: { $ref: '#/$defs/alias' },
          examples: [{ web01: 'database' }],
        },
        ...reserved,
      },
    },
    end: {
      description: '`namespace:interface` (`host:X` makes X in the host), or a bridge; or a mapping with `at` and what else is to be said.',
      type: ['string', 'object'],
      examples: ['web01:eth0', 'br-web', { at: 'web01:eth0', mtu: 9000 }],
      required: ['at'],
      additionalProperties: false,
      properties: {
        at: { description: '`namespace:interface` or a bridge.', type: 'string', examples: ['web01:eth0', 'br-web'] },
        name: {
          description: "Of a bridge's end: the host-side name of the port. Default: `<namespace>-<interface>` where that fits.",
          type: 'string',
          examples: ['uplink0'],
        },
        addresses: {
          description: 'Addresses of this end. Absent: one automatic address of each family that the subnet has.',
          $ref: '#/$defs/addresses',
        },
        mac: { description: 'MAC of this end. Default: derived from the names.', $ref: '#/$defs/mac' },
        mtu: { description: "MTU of this end. Default: the link's.", $ref: '#/$defs/mtu' },
        linkLocal: {
          description: 'Whether it has a link-local IPv6 address even without another IPv6 address. Default: false.',
          type: 'boolean',
          examples: [true],
        },
        defaultRoute: { $ref: '#/$defs/defaultRoute' },
        ...reserved,
      },
    },
    defaultRoute: {
      description:
        "Whether the namespace's default route goes through this link. Default: through its first link whose subnet has a gateway and whose bridge is not internal.",
      type: 'boolean',
      examples: [true],
    },
  },
};
