import type { Flow, TraceEvent } from '../../model/trace.ts';
import { createTraceParser } from './parse.ts';

/** More than any way has; a frame that goes round in a loop of bridges is seen without end. */
const EVENTS_MAX = 10_000;

/** What has been seen of one flow in one namespace. */
export interface Sight {
  readonly events: readonly TraceEvent[];
  /** Whether the line told something of the flow: others may trace, too. */
  take(line: string): boolean;
}

/** Keeps the first events of a flow, and reads no line once it has `most` of them. */
export function createSight(flow: Flow, most = EVENTS_MAX): Sight {
  const parse = createTraceParser(flow);
  const events: TraceEvent[] = [];
  return {
    events,
    take: (line) => {
      if (events.length >= most) return false;
      const event = parse(line);
      if (event) events.push({ ...event, namespace: flow.namespace });
      return event !== undefined;
    },
  };
}
