import type { SchemaProperties } from '../model/resource.ts';

const NAME = '[a-z][a-z0-9-]*';

/** A name, or a range of names: `pc(01-20)`. */
const NAME_OR_RANGE = `^${NAME}([(][0-9]+-[0-9]+[)][a-z0-9-]*)?$`;

const subnet = {
  ipv4: { description: 'The IPv4 network.', type: 'string', examples: ['172.30.1.0/24'] },
  ipv6: { description: 'The IPv6 network.', type: 'string', examples: ['fd00:30:1::/64'] },
  range: {
    description: 'Where automatic addresses come from: a network within the subnet, or a list of them. Default: the whole subnet.',
    type: ['string', 'array'],
    items: { type: 'string' },
    minItems: 1,
    examples: ['172.30.1.128/25'],
  },
  reserved: {
    description: 'Addresses, or networks, that are never handed out.',
    type: 'array',
    items: { type: 'string' },
    examples: [['172.30.1.200']],
  },
  gateway: {
    description:
      "An address or a list of them, which the bridge holds; `namespace:interface`: that end holds it and the bridge none; false: there is none. Default: the bridge holds each family's first address.",
    type: ['string', 'array', 'boolean'],
    items: { type: 'string' },
    minItems: 1,
    examples: ['172.30.1.254', 'r1:lan0', false],
  },
};

/** Definitions that several sections use. */
export const definitions: SchemaProperties = {
  subnet: {
    description: 'A subnet: one network of each family at most.',
    type: ['object', 'null'],
    additionalProperties: false,
    properties: subnet,
    examples: [{ ipv4: '172.30.1.0/24', ipv6: 'fd00:30:1::/64' }],
  },
  subnetOrName: {
    description: 'A name in `subnets`, or a subnet written out.',
    type: ['string', 'object'],
    additionalProperties: false,
    properties: subnet,
    examples: ['web', { ipv4: '10.0.12.0/30' }],
  },
  mtu: { description: 'At least 68, and 1280 where there is IPv6.', type: 'integer', minimum: 68, maximum: 65535, examples: [1500, 9000] },
  mac: {
    description: 'Six hexadecimal pairs; unicast.',
    type: 'string',
    pattern: '^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$',
    patternErrorMessage: 'a MAC is six hexadecimal pairs: 02:00:00:00:00:01',
    examples: ['02:00:00:00:00:01'],
  },
  names: {
    description: 'A namespace, `host`, an address, or a list of these; ranges such as pc(01-20) too.',
    type: ['string', 'array'],
    items: { type: 'string' },
    minItems: 1,
    examples: ['web01', ['host', 'pc01']],
  },
  check: {
    description: 'Something that must hold once the host has converged: exactly one of `ping`, `tcp`, `udp`.',
    type: 'object',
    examples: [{ from: 'web02', to: 'db01', tcp: 5432, expect: 'unreachable' }],
    required: ['from', 'to'],
    additionalProperties: false,
    properties: {
      from: { description: 'Where the probe starts.', $ref: '#/$defs/names' },
      to: { description: 'What is probed.', $ref: '#/$defs/names' },
      ping: { description: 'Probe with ICMP echo.', type: 'boolean', examples: [true] },
      tcp: { description: 'Probe this TCP port.', type: 'integer', minimum: 1, maximum: 65535, examples: [80] },
      udp: { description: 'Probe this UDP port.', type: 'integer', minimum: 1, maximum: 65535, examples: [53] },
      expect: { description: 'What must be seen. Default: reachable.', enum: ['reachable', 'refused', 'unreachable'] },
      family: { description: 'The only family to probe. Default: each family that both have.', enum: ['ipv4', 'ipv6'] },
      source: { description: "The client's address as the server must have seen it.", type: 'string', examples: ['172.30.1.2'] },
      timeout: {
        description: 'How long to wait for an answer. Default: 2s.',
        type: 'string',
        pattern: '^[0-9]+(ms|s|m)$',
        patternErrorMessage: 'a duration is a number with ms, s or m: 500ms, 2s',
        examples: ['2s', '500ms'],
      },
      serve: {
        description: 'Whether to open a listener for the probe where none listens. Default: true.',
        type: 'boolean',
        examples: [false],
      },
    },
  },
};

const RESERVED = ['uplinks', 'external', 'vlan', 'vlans', 'vxlan', 'macvlan', 'ipvlan', 'dummy', 'vrf', 'rules'];

const reserved = Object.fromEntries(
  RESERVED.map((key) => [key, { description: 'Reserved.', not: {}, errorMessage: 'not supported yet', doNotSuggest: true }]),
);

/** The sections of a file. Those whose entries the kinds describe refer to `#/$defs/bridge` and its like. */
export const sections: SchemaProperties = {
  version: { description: 'Version of the language: 1.', const: 1 },
  name: {
    description: 'Name of the topology, unique on a host: what it makes is marked with it.',
    type: 'string',
    pattern: `^[a-z][a-z0-9-]{0,30}$`,
    patternErrorMessage: 'it is 1 to 31 of a-z 0-9 - and begins with a letter',
    examples: ['shop'],
  },
  description: { description: 'What it is for, in a few words.', type: 'string', examples: ['three tiers and a client'] },
  defaults: { description: 'What holds where nothing else is said.', $ref: '#/$defs/defaults' },
  subnets: {
    description: 'Networks with a name, each for one bridge or link.',
    type: ['object', 'null'],
    propertyNames: {
      pattern: '^[a-zA-Z][a-zA-Z0-9_.-]{0,62}$',
      patternErrorMessage: 'the name of a subnet is 1 to 63 of a-z A-Z 0-9 _ . - and begins with a letter',
    },
    additionalProperties: { $ref: '#/$defs/subnet' },
    examples: [{ web: { ipv4: '172.30.1.0/24' } }],
  },
  bridges: {
    description: "Bridges in the host's namespace, by interface name: 15 characters at most.",
    type: ['object', 'null'],
    propertyNames: {
      pattern: '^[a-zA-Z][a-zA-Z0-9_.-]*$',
      patternErrorMessage: 'the name of a bridge is 1 to 15 of a-z A-Z 0-9 _ . - and begins with a letter',
    },
    additionalProperties: { $ref: '#/$defs/bridge' },
    examples: [{ 'br-web': { subnet: 'web' } }],
  },
  namespaces: {
    description: 'Network namespaces, by name; `pc(01-20)` stands for twenty of them.',
    type: ['object', 'null'],
    propertyNames: {
      pattern: NAME_OR_RANGE,
      patternErrorMessage: 'the name of a namespace is 1 to 63 of a-z 0-9 - and begins with a letter',
    },
    additionalProperties: { $ref: '#/$defs/namespace' },
    examples: [{ web01: {} }],
  },
  host: { description: "What is wanted of the host's own namespace.", $ref: '#/$defs/host' },
  checks: {
    description: 'What must hold once the host has converged; `netloom verify` runs them.',
    type: ['array', 'null'],
    items: { $ref: '#/$defs/check' },
    examples: [[{ from: 'web01', to: 'web02', ping: true }]],
  },
  ...reserved,
};
