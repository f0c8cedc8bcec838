import { schemas } from '../kinds/schemas.ts';
import type { SchemaFragment, SchemaProperties } from '../model/resource.ts';
import { forEditors } from './editors.ts';
import { definitions, sections } from './skeleton.ts';

export interface JsonSchema {
  readonly $schema: string;
  readonly properties: SchemaProperties;
  readonly $defs: SchemaProperties;
}

const section = (description: string, example: object, properties: SchemaProperties): object => ({
  description,
  type: ['object', 'null'],
  additionalProperties: false,
  properties,
  examples: [example],
});

/**
 * The JSON Schema of the language: the skeleton with what the kinds add to it. Draft 7, which editors' YAML support knows best. Unions
 * are told apart by type alone, never by `anyOf`, so that each fault has one cause. Throws when two kinds claim one key.
 */
export function topologySchema(fragments: readonly SchemaFragment[] = schemas): JsonSchema {
  const of = (part: keyof SchemaFragment): SchemaProperties => disjoint(fragments.map((fragment) => fragment[part] ?? {}));
  const head = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'netloom topology',
    description: "A topology file: what a Linux host's virtual network is to be.",
    type: 'object',
    required: ['version', 'name'],
    additionalProperties: false,
    patternProperties: { '^x-': { description: 'Ignored: a home for anchors.' } },
  };
  return {
    ...head,
    properties: disjoint([sections, of('topology')]),
    $defs: disjoint([
      definitions,
      of('definitions'),
      {
        defaults: section('What holds where nothing else is said.', { mtu: 9000, dns: 'host' }, of('defaults')),
        bridge: section('A bridge. Empty: a switch without addresses.', { subnet: 'web', mtu: 9000 }, of('bridge')),
        namespace: section(
          'A network namespace. Empty: what its links give it, and lo.',
          { publish: ['8080:80'], aliases: ['www'] },
          of('namespace'),
        ),
        host: section("The host's own namespace.", { routes: [{ to: '10.20.0.0/16', via: 'r1' }] }, of('host')),
      },
    ]),
  };
}

/** The content of schemas/topology.schema.json. */
export const schemaText = (): string => `${JSON.stringify(forEditors(topologySchema()), null, 2)}\n`;

function disjoint(parts: readonly SchemaProperties[]): SchemaProperties {
  const all = new Map<string, object>();
  for (const [key, value] of parts.flatMap((part) => Object.entries(part))) {
    if (all.has(key)) throw new Error(`two kinds claim ${key}`);
    all.set(key, value);
  }
  return Object.fromEntries(all);
}
