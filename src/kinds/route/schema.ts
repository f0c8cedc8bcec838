import type { SchemaFragment } from '../../model/resource.ts';

const later = (description: string) => ({ description, not: {}, errorMessage: 'not supported yet', doNotSuggest: true });

const routes = (description: string) => ({
  description,
  type: ['array', 'null'],
  items: { $ref: '#/$defs/route' },
  examples: [[{ to: '10.20.0.0/16', via: 'r1' }]],
});

/** Routes of namespaces and of the host. */
export const schema: SchemaFragment = {
  namespace: {
    routes: routes('Routes besides those to its own networks and the implied default route.'),
    rules: later('Policy rules. Reserved.'),
  },
  host: { routes: routes("Routes of the host. Their devices are the file's bridges and `host:X` interfaces.") },
  definitions: {
    route: {
      description: 'One route.',
      type: 'object',
      examples: [{ to: '10.20.0.0/16', via: 'r1' }],
      required: ['to'],
      additionalProperties: false,
      properties: {
        to: {
          description: 'The destination: `default`, a network, or the name of a subnet (its networks of each family).',
          type: 'string',
          examples: ['default', '10.20.0.0/16', 'lan'],
        },
        via: {
          description: 'The next hop: an address, or a namespace or `namespace:interface`, which means its address on the shared segment.',
          type: ['string', 'array'],
          examples: ['r1', 'r1:lan0', '172.30.1.1'],
        },
        interface: { description: 'The outgoing interface. Default: the one that reaches `via`.', type: 'string', examples: ['eth0'] },
        metric: {
          description: "The smaller wins. Default: the kernel's, 0 in IPv4 and 1024 in IPv6.",
          type: 'integer',
          minimum: 0,
          maximum: 4294967295,
          examples: [50],
        },
        type: {
          description: 'What becomes of such packets. Default: unicast. The others drop them: silently, or with one of two answers.',
          enum: ['unicast', 'blackhole', 'unreachable', 'prohibit'],
        },
      },
    },
  },
};
