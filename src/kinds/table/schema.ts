import type { SchemaFragment } from '../../model/resource.ts';

const ports = (protocol: string) => ({
  description: `${protocol} ports, or ranges of them.`,
  type: ['array', 'integer', 'string'],
  items: { type: ['integer', 'string'], examples: [80, '8000-8010'] },
  minItems: 1,
  examples: [[80, '8000-8010']],
});

/** What may pass a bridge, and with which source address. */
export const schema: SchemaFragment = {
  bridge: {
    nat: {
      description:
        "Masquerade what leaves through anything but this file's bridges: in both families, one, or none. Default: where the bridge itself is the gateway and not internal.",
      enum: [true, false, 'ipv4', 'ipv6'],
    },
    inbound: {
      description:
        '`published`: only published ports and what `allow` lists are let in. `open`: no filter towards this bridge. Default: published.',
      enum: ['published', 'open'],
    },
    icc: { description: 'Whether members can talk to each other. Default: true.', type: 'boolean', examples: [false] },
    internal: {
      description: 'Nothing is forwarded in or out, and members get no default route. Default: false.',
      type: 'boolean',
      examples: [true],
    },
    allow: {
      description: 'Routed traffic that is let in besides published ports.',
      type: ['array', 'null'],
      items: { $ref: '#/$defs/allow' },
      examples: [[{ from: 'web02', to: 'db01', tcp: [5432] }]],
    },
  },
  namespace: {
    masquerade: {
      description: "Interfaces of this router whose outgoing traffic gets the namespace's own address. Needs forwarding: true.",
      type: ['array', 'null'],
      items: { type: 'string', examples: ['wan0'] },
      examples: [['wan0']],
    },
  },
  definitions: {
    allow: {
      description: 'Who may reach whom. No port: every protocol and port.',
      type: 'object',
      examples: [{ from: 'web02', to: 'db01', tcp: [5432] }],
      required: ['from'],
      additionalProperties: false,
      properties: {
        from: {
          description: "A bridge, a namespace, a network, or `outside` (whatever comes in by none of this file's bridges).",
          type: 'string',
          examples: ['web01', 'br-web', '10.0.0.0/8', 'outside'],
        },
        to: { description: 'A namespace on this bridge. Absent: every member.', type: 'string', examples: ['db01'] },
        tcp: ports('TCP'),
        udp: ports('UDP'),
        sctp: ports('SCTP'),
      },
    },
  },
};
