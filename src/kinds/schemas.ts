// The kinds that add to the language, in the order in which the schema shows their keys.
import type { SchemaFragment } from '../model/resource.ts';
import { schema as address } from './address/schema.ts';
import { schema as bridge } from './bridge/schema.ts';
import { schema as file } from './file/schema.ts';
import { schema as namespace } from './namespace/schema.ts';
import { schema as publish } from './publish/schema.ts';
import { schema as route } from './route/schema.ts';
import { schema as share } from './share/schema.ts';
import { schema as sysctl } from './sysctl/schema.ts';
import { schema as table } from './table/schema.ts';
import { schema as veth } from './veth/schema.ts';

/** Every kind's part of the language. */
export const schemas: readonly SchemaFragment[] = [address, bridge, file, namespace, publish, route, share, sysctl, table, veth];
