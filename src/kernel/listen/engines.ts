import { accessSync, constants } from 'node:fs';
import { containerName } from '../checked.ts';
import { type Stream, type StreamOptions, startStream } from './stream.ts';

const ENGINES = ['docker', 'podman'] as const;
const DIRECTORIES = ['/usr/bin', '/usr/local/bin', '/bin', '/usr/sbin'];

/** Listens to the engines that are installed for starts and ends of these containers. None where there is no container to listen for. */
export function startEngines(containers: readonly string[], options: StreamOptions): Stream[] {
  if (containers.length === 0) return [];
  const filters = containers.flatMap((name) => ['--filter', `container=${containerName(name)}`]);
  const events = ['start', 'die'].flatMap((event) => ['--filter', `event=${event}`]);
  return ENGINES.filter(isInstalled).map((engine) => {
    const format = engine === 'docker' ? '{{.Action}} {{.Actor.ID}}' : '{{.Status}} {{.ID}}';
    return startStream(
      `${engine} events`,
      [engine, 'events', '--filter', 'type=container', ...events, ...filters, '--format', format],
      options,
    );
  });
}

function isInstalled(program: string): boolean {
  return DIRECTORIES.some((directory) => {
    try {
      accessSync(`${directory}/${program}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
