import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ListenAddress } from './address.ts';
import { bind } from './bind.ts';

export interface Answer {
  readonly status: number;
  /** Content type without the character set, which is always UTF-8. */
  readonly type: string;
  readonly body: string;
}

/** What answers one path. `accept` is the request's Accept field, empty where there is none. */
export type Respond = (accept: string) => Promise<Answer> | Answer;

export interface Endpoint {
  /** The port that it got; undefined of a unix socket. */
  readonly port: number | undefined;
  /** Ends at once, with the requests under way; a unix socket is removed. */
  close(): Promise<void>;
}

/** Who asks for the state of a lab needs little; a client that dawdles or never ends holds one of few connections for seconds. */
const LIMITS = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 5000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 5000,
};
const CONNECTIONS_MAX = 32;
const IDLE_MS = 30_000;

const TEXT = 'text/plain';

/** A small read-only HTTP server; `paths` are all that there is. Throws HostError E_LISTEN where it cannot listen. */
export async function openEndpoint(address: ListenAddress, paths: Readonly<Record<string, Respond>>): Promise<Endpoint> {
  const server = createServer(LIMITS, (request, response) => {
    answerTo(request, paths).then(
      (answer) => send(request, response, answer),
      (error: unknown) => send(request, response, { status: 500, type: TEXT, body: `${error instanceof Error ? error.message : error}\n` }),
    );
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.setTimeout(IDLE_MS);
  await bind(server, address);
  // What goes wrong with one client later is that client's business.
  server.on('error', () => {});
  const bound = server.address();
  return { port: typeof bound === 'object' ? bound?.port : undefined, close: () => close(server) };
}

async function answerTo(request: IncomingMessage, paths: Readonly<Record<string, Respond>>): Promise<Answer> {
  const refuse = (status: number, body: string): Answer => ({ status, type: TEXT, body: `${body}\n` });
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const respond = Object.hasOwn(paths, path) ? paths[path] : undefined;
  if (respond === undefined) return refuse(404, `there is ${Object.keys(paths).join(', ')}`);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'only GET and HEAD');
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (length !== '0' || encoding !== undefined) return refuse(413, 'a request has no body here');
  return respond(request.headers.accept ?? '');
}

function send(request: IncomingMessage, response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
    // A body that nobody reads would be taken for the next request.
    ...(status === 405 || status === 413 ? { Connection: 'close' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const close = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
