import type { SchemaFragment } from '../../model/resource.ts';

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
    expose: {
      description:
        'Ports that `publishAll` publishes: `PORT[/tcp|udp|sctp]`, ranges too. One that is in `publish` as well is not published twice.',
      type: ['array', 'null'],
      items: { type: ['integer', 'string'], examples: [80, '53/udp', '8000-8010'] },
      examples: [[80, '53/udp']],
    },
    publishAll: {
      description: 'Whether each port in `expose` is published, on a host port of its own that is derived as in `publish`. Default: false.',
      type: 'boolean',
      examples: [true],
    },
  },
  definitions: {
    publish: {
      description:
        '`[ADDRESS:][HOSTPORT:]PORT[/tcp|udp|sctp][@INTERFACE]`; ranges on both sides of equal length; IPv6 addresses in brackets and quoted. Without a host port (`80`, `192.0.2.1::80`) each port gets one of 32768-60999 that is derived from the names of topology and namespace, the protocol and the port: the same on every host. Or a mapping.',
      type: ['string', 'integer', 'object'],
      examples: [
        '8080:80',
        '53:53/udp',
        '127.0.0.1:8443:443',
        '9000-9009:9000-9009',
        '192.0.2.1::53/udp',
        80,
        '[2001:db8::1]:81:80@eth0',
        { hostPort: 8080, port: 80 },
      ],
      required: ['port'],
      additionalProperties: false,
      properties: {
        hostAddress: {
          description:
            'The host address that is published on. Absent: every address of the host. `0.0.0.0`, `::`: every one of that family.',
          type: 'string',
          examples: ['192.0.2.1', '::'],
        },
        hostPort: ports('The port on the host, or a range. Absent: derived, the same on every host.'),
        port: ports('The port in the namespace, or a range as long.'),
        protocol: { description: 'The protocol above IP. Default: tcp.', enum: ['tcp', 'udp', 'sctp'] },
        interface: { description: 'Only for what arrives through this interface of the host.', type: 'string', examples: ['eth0'] },
      },
    },
  },
};
