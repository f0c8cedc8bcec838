import type { SchemaFragment } from '../../model/resource.ts';

const later = (description: string) => ({ description, not: {}, errorMessage: 'not supported yet', doNotSuggest: true });

/** Addresses of interfaces. */
export const schema: SchemaFragment = {
  namespace: {
    interfaces: {
      description: 'What interfaces have that no link makes: so far `lo`.',
      type: ['object', 'null'],
      additionalProperties: false,
      properties: {
        lo: {
          description: 'The loopback interface.',
          type: ['object', 'null'],
          additionalProperties: false,
          examples: [{ addresses: ['10.255.0.1/32'] }],
          properties: {
            addresses: {
              description: "Addresses besides the kernel's own 127.0.0.1 and ::1. A missing prefix length means this address alone.",
              $ref: '#/$defs/addresses',
            },
          },
        },
        dummy: later('Interfaces without a link. Reserved.'),
      },
      examples: [{ lo: { addresses: ['10.255.0.1/32'] } }],
    },
  },
  definitions: {
    addresses: {
      description: 'Addresses; the prefix length comes from the subnet where that is known. `[]`: none at all.',
      type: 'array',
      items: { type: 'string', examples: ['172.30.1.10', '10.0.13.1/30', 'fd00:30:1::10'] },
      examples: [['172.30.1.10'], ['10.0.13.1/30', 'fd00:13::1/64']],
    },
  },
};
