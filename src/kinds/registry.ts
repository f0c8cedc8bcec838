// Generated from the folders beside it by `npm run generate`; the order is that of creation (see docs/architecture.md).
import type { KindModule } from '../model/resource.ts';
import { kind as address } from './address/index.ts';
import { kind as attach } from './attach/index.ts';
import { kind as bridge } from './bridge/index.ts';
import { kind as docker } from './docker/index.ts';
import { kind as file } from './file/index.ts';
import { kind as namespace } from './namespace/index.ts';
import { kind as publish } from './publish/index.ts';
import { kind as route } from './route/index.ts';
import { kind as share } from './share/index.ts';
import { kind as sysctl } from './sysctl/index.ts';
import { kind as table } from './table/index.ts';
import { kind as veth } from './veth/index.ts';

/** Every kind. Each speaks of its own specs, which the stages pass through without looking. */
export const kinds: readonly KindModule[] = [
  file,
  namespace,
  attach,
  share,
  table,
  docker,
  publish,
  bridge,
  veth,
  sysctl,
  address,
  route,
] as readonly KindModule[];
