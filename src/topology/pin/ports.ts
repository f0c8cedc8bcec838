import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Publish } from '../../model/topology.ts';
import { namesOf } from '../entities/ranges.ts';
import type { Edit } from './edits.ts';
import { hasMerged, isAt, isShared, joined, leftAt, NO_PINS, own, type PinFile, type Pinned, type Pins, section } from './file.ts';
import { addItems, addKey, indentTo, lineFeed, startOf } from './layout.ts';

/** The host ports that netloom derived, in the namespaces that publish them. */
export function pinPorts(file: PinFile): Pins {
  const namespaces = section(file, 'namespaces');
  const target = isAlias(namespaces) ? namespaces.resolve(file.document) : namespaces;
  if (namespaces === undefined || !isMap(target)) return NO_PINS;
  return joined(
    (target.items as Pair<Node, Node | null>[]).map(({ key, value }) => {
      const names = isScalar(key) && typeof key.value === 'string' ? namesOf(key.value) : [];
      const derived = file.topology.publishes.filter((publish) => publish.derived && names.includes(publish.namespace));
      if (derived.length === 0) return NO_PINS;
      const [subject] = isScalar(key) ? [String(key.value)] : [''];
      const leave = (why: string, hint: string): Pins => ({
        ...NO_PINS,
        left: [leftAt(key, subject, `${subject}: ${why}`, hint, file)],
      });
      if (names.length > 1)
        return leave(
          `one entry stands for ${names.length} namespaces, each with host ports of its own`,
          'give those whose ports are to stay an entry of their own',
        );
      if (!isMap(value) || isShared(namespaces, file) || isShared(value, file))
        return leave('its ports stand behind an anchor or alias', 'write them out where they are used');
      return pinNamespace(value as YAMLMap, derived, leave, file);
    }),
  );
}

type Leave = (why: string, hint: string) => Pins;

function pinNamespace(map: YAMLMap, derived: readonly Publish[], leave: Leave, file: PinFile): Pins {
  const list = own(map, 'publish')?.value;
  const items = isSeq(list) ? (list.items as Node[]) : [];
  const placed = items.map((item) => ({ item, ports: derived.filter(({ origin }) => isAt(origin, item, file)) }));
  const rest = derived.filter((publish) => !placed.some(({ ports }) => ports.includes(publish)));
  const merged = leave('its ports are merged into it from elsewhere', 'write publish and expose out in the namespace itself');
  if (isShared(list, file) || (rest.length > 0 && list === undefined && hasMerged(map) && own(map, 'expose') === undefined)) return merged;
  const parts = placed
    .filter(({ ports }) => ports.length > 0)
    .map(({ item, ports }) => pinItem(item, list as YAMLSeq, ports, file) ?? leave(...CANNOT));
  if (rest.length === 0) return joined(parts);
  const edit = exposeEdit(map, list, rest, file);
  return joined([...parts, edit === undefined ? merged : { edits: [edit], pinned: rest.map(pinnedOf), left: [] }]);
}

const CANNOT = ['a range of ports has host ports of all sorts', '--expand writes one item for each port of a range'] as const;

const textOf = ({ hostPort, port, protocol }: Publish): string => `${hostPort}:${port}${protocol === 'tcp' ? '' : `/${protocol}`}`;

const pinnedOf = (publish: Publish): Pinned => ({
  kind: 'port',
  subject: publish.namespace,
  value: `${publish.hostPort}:${publish.port}/${publish.protocol}`,
});

/** What is exposed becomes published, each port by itself; what is published is not exposed a second time. */
function exposeEdit(map: YAMLMap, list: Node | null | undefined, rest: readonly Publish[], { source }: PinFile): Edit | undefined {
  const texts = rest.map((publish) => `"${textOf(publish)}"`);
  if (isSeq(list)) return addItems(source, list, texts);
  const after = own(map, 'publishAll') ?? own(map, 'expose');
  if (list !== undefined || after === undefined) return undefined;
  return addKey(source, map, after, `publish: [${texts.join(', ')}]`);
}

/** One item of `publish`. Undefined where it stands for several ports, which one item cannot say. */
function pinItem(item: Node, list: YAMLSeq, ports: readonly Publish[], file: PinFile): Pins | undefined {
  const { source, expand } = file;
  const [first] = ports;
  if (first === undefined || isShared(item, file) || (ports.length > 1 && !expand)) return undefined;
  const done = (edit: Edit): Pins => ({ edits: [edit], pinned: ports.map(pinnedOf), left: [] });
  if (isMap(item)) {
    const after = own(item as YAMLMap, 'port');
    if (after === undefined || own(item as YAMLMap, 'hostPort') !== undefined || ports.length > 1) return undefined;
    return done(addKey(source, item as YAMLMap, after, `hostPort: ${first.hostPort}`));
  }
  if (!isScalar(item) || !item.range) return undefined;
  const texts = ports.map((publish) => withHostPort(String(item.value), publish));
  const sign = item.type === Scalar.QUOTE_SINGLE ? "'" : '"';
  const between = list.flow === true ? ', ' : `${lineFeed(source)}${indentTo(source, startOf(list))}- `;
  const [start, end] = item.range;
  return done({ start, end, text: texts.map((text) => sign + text + sign).join(between) });
}

/** `80` → `40123:80`, `192.0.2.1::53/udp` → `192.0.2.1:40123:53/udp`; of a range the one port. */
function withHostPort(text: string, { hostPort, port }: Publish): string {
  const [, address = '', suffix = ''] = /^(?:(\[[^\]]*\]|[^:[\]@/]+):)?:?[0-9-]+([/@].*)?$/.exec(text) ?? [];
  return `${address === '' ? '' : `${address}:`}${hostPort}:${port}${suffix}`;
}
