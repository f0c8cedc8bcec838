import { recordPath, type TopologyRecord } from '../../../model/snapshot.ts';
import { readPlainFile } from '../../files.ts';
import { isFields } from './edge.ts';
import { list } from './names.ts';

/** Every record in /run/netloom: what others need of the host decides what may be put back. Broken ones are as good as none. */
export function readRecords(): Map<string, TopologyRecord> {
  const names = list('/run/netloom').flatMap((file) => /^([a-z][a-z0-9-]{0,30})\.json$/.exec(file)?.[1] ?? []);
  return new Map(
    names.flatMap((name) => {
      const record = parseRecord(readPlainFile(recordPath(name)) ?? '', name);
      return record === undefined ? [] : [[name, record]];
    }),
  );
}

export function parseRecord(content: string, topology: string): TopologyRecord | undefined {
  let data: unknown;
  try {
    data = JSON.parse(content);
  } catch {
    return undefined;
  }
  if (!isFields(data) || data.version !== 1 || data.topology !== topology) return undefined;
  const { file, digest, sysctls } = data;
  const routes: unknown = data.routes ?? [];
  if (typeof file !== 'string' || typeof digest !== 'string' || !isSysctls(sysctls) || !isTexts(routes)) return undefined;
  const { hooks } = data;
  return { version: 1, topology, file, digest, routes, sysctls, ...(isTexts(hooks) ? { hooks } : {}) };
}

function isSysctls(value: unknown): value is TopologyRecord['sysctls'] {
  return (
    isFields(value) &&
    Object.values(value).every((paths) => isFields(paths) && Object.values(paths).every((one) => typeof one === 'string'))
  );
}

const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((one) => typeof one === 'string');
