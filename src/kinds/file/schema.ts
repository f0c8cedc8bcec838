import type { SchemaFragment } from '../../model/resource.ts';

const dns = {
  type: ['string', 'array'],
  items: { type: 'string', examples: ['192.0.2.53'] },
  minItems: 1,
  examples: ['host', ['192.0.2.53', '2001:db8::53']],
};

/** What namespaces find in their own /etc/hosts and /etc/resolv.conf. */
export const schema: SchemaFragment = {
  defaults: {
    dns: {
      description:
        "Resolvers of the namespaces: addresses, or `host` for the host's real upstream ones. Absent: no resolv.conf of their own.",
      ...dns,
    },
  },
  namespace: {
    aliases: {
      description: 'Further names that neighbours resolve to this namespace.',
      type: ['array', 'null'],
      items: { $ref: '#/$defs/alias' },
      examples: [['www']],
    },
    dns: { description: 'Resolvers of this namespace, in place of those of `defaults`.', ...dns },
  },
  definitions: {
    alias: {
      description: 'A host name.',
      type: 'string',
      maxLength: 253,
      pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$',
      patternErrorMessage: 'an alias is a host name: a-z 0-9 and -, in parts of 63 characters at most',
      examples: ['www'],
    },
  },
};
