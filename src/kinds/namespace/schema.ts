import type { SchemaFragment } from '../../model/resource.ts';

const later = (description: string) => ({ description, not: {}, errorMessage: 'not supported yet', doNotSuggest: true });

/** What a namespace is as such. */
export const schema: SchemaFragment = {
  namespace: {
    forwarding: {
      description: 'Whether the namespace routes between its interfaces, in both families. Default: false.',
      type: 'boolean',
      examples: [true],
    },
    vrf: later('Several routing tables in one namespace. Reserved.'),
    dummy: later('Interfaces without a link. Reserved.'),
    vlan: later('VLAN sub-interfaces. Reserved.'),
    vxlan: later('A tunnel between hosts. Reserved.'),
    macvlan: later('An interface on the segment of a physical one. Reserved.'),
    ipvlan: later('An interface on the segment of a physical one. Reserved.'),
  },
};
