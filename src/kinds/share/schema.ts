import type { SchemaFragment } from '../../model/resource.ts';

/** Names that lead to a namespace which is made elsewhere. */
export const schema: SchemaFragment = {
  namespace: {
    share: {
      description: 'Makes this another name of that namespace, or of `host`. Nothing may stand beside it.',
      type: 'string',
      examples: ['web01', 'host'],
    },
  },
};
