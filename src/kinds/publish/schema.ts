import type { SchemaFragment } from '../../model/resource.ts';

const later = (description: string) => ({ description, not: {}, errorMessage: 'not supported yet', doNotSuggest: true });

const ports = (description: string) => ({ description, type: ['integer', 'string'], examples: [8080, '9000-9009'] });

/** Published ports. */
export const schema: SchemaFragment = {
  namespace: {
    publish: {
      description: 'Ports of the host that lead to this namespace.',
      type: ['array', 'null'],
      items: { $ref: '#/$defs/publish' },
      examples: [['8080:80', '127.0.0.1:8443:443']],
    },
    expose: later('Ports for publishAll. Reserved.'),
    publishAll: later('Each exposed port on a host port of its own. Reserved.'),
  },
  definitions: {
    publish: {
      description:
        '`[ADDRESS:]HOSTPORT:PORT[/tcp|udp|sctp][@INTERFACE]`; ranges on both sides of equal length; IPv6 addresses in brackets and quoted. Or a mapping.',
      type: ['string', 'integer', 'object'],
      examples: ['8080:80', '53:53/udp', '127.0.0.1:8443:443', '9000-9009:9000-9009', '[2001:db8::1]:81:80@eth0'],
      required: ['port'],
      additionalProperties: false,
      properties: {
        hostAddress: {
          description:
            'The host address that is published on. Absent: every address of the host. `0.0.0.0`, `::`: every one of that family.',
          type: 'string',
          examples: ['192.0.2.1', '::'],
        },
        hostPort: ports('The port on the host, or a range.'),
        port: ports('The port in the namespace, or a range as long.'),
        protocol: { description: 'Default: tcp.', enum: ['tcp', 'udp', 'sctp'] },
        interface: { description: 'Only for what arrives through this interface of the host.', type: 'string', examples: ['eth0'] },
      },
    },
  },
};
