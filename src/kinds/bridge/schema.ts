import type { SchemaFragment } from '../../model/resource.ts';

const later = (description: string) => ({ description, not: {}, errorMessage: 'not supported yet', doNotSuggest: true });

/** What a bridge itself is made of; what may pass it is the kind `table`'s part. */
export const schema: SchemaFragment = {
  bridge: {
    subnet: {
      description:
        'The subnet of this segment, by its name in `subnets`. The bridge holds its gateway addresses, members get addresses from it. Absent: a switch without addresses.',
      type: 'string',
      examples: ['web'],
    },
    mtu: {
      description: 'MTU of the bridge and, unless they say otherwise, of its links. Default: that of `defaults`, else 1500.',
      $ref: '#/$defs/mtu',
    },
    mac: { description: 'MAC of the bridge. Default: derived from the names, the same on every host.', $ref: '#/$defs/mac' },
    stp: {
      description: 'Whether the bridge speaks the spanning tree protocol; a port then forwards after 30 seconds. Default: false.',
      type: 'boolean',
      examples: [true],
    },
    uplinks: later('Physical interfaces as ports. Reserved.'),
    external: later('A bridge that something else made. Reserved.'),
    vlan: later('VLAN filtering. Reserved.'),
    vlans: later('VLAN filtering. Reserved.'),
    vxlan: later('A tunnel between hosts. Reserved.'),
  },
};
