import type { SchemaFragment } from '../../model/resource.ts';

/** Names for namespaces that somebody else makes. */
export const schema: SchemaFragment = {
  namespace: {
    attach: {
      description:
        'Makes this a name for the namespace of a running container (Docker or Podman), of a process, or behind a path: exactly one of the three. Its links, routes and published ports are ours; what else is inside is not touched, so that `forwarding`, `sysctls`, `interfaces` and `dns` have no place beside it.',
      type: 'object',
      additionalProperties: false,
      properties: {
        container: {
          description: 'Name or id of a container, as `docker ps` shows it. Start it with --network none.',
          type: 'string',
          pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$',
          patternErrorMessage: 'the name of a container is of a-z A-Z 0-9 _ . - and begins with a letter or digit',
          examples: ['old-shop'],
        },
        pid: { description: 'Number of a process.', type: 'integer', minimum: 1, maximum: 4194304, examples: [44951] },
        path: {
          description: 'Where the namespace is found: /proc/PID/ns/net, or a name that somebody else has made in /run/netns.',
          type: 'string',
          pattern: '^/[^\\x00-\\x1f\\x7f]+$',
          patternErrorMessage: 'a path begins with /',
          examples: ['/proc/44951/ns/net'],
        },
      },
      examples: [{ container: 'old-shop' }, { pid: 44951 }, { path: '/proc/44951/ns/net' }],
    },
  },
};
