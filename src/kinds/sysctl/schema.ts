import type { SchemaFragment } from '../../model/resource.ts';

/** Kernel settings of a namespace. */
export const schema: SchemaFragment = {
  namespace: {
    sysctls: {
      description: 'Kernel settings of this namespace, below `net.`. Removed from the file, a setting returns to its default.',
      type: ['object', 'null'],
      propertyNames: {
        pattern: '^net[./][A-Za-z0-9_][A-Za-z0-9_./-]*$',
        patternErrorMessage: 'a setting of a namespace begins with net., as net.core.somaxconn does',
      },
      additionalProperties: { description: 'Its value, as `sysctl` prints it.', type: ['integer', 'string'], examples: [1, '1024 65535'] },
      examples: [{ 'net.core.somaxconn': 1024 }],
    },
  },
};
