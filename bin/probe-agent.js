// Runs inside a network namespace, started by `netloom verify` and `netloom trace`: opens connections and listeners there as it is told, one JSON document a line.
const { createSocket } = require('node:dgram');
const { connect, createServer } = require('node:net');
const { createInterface } = require('node:readline');

/** What our listeners say first, so that a client learns as whom it was seen. */
const GREETING = 'netloom ';

const bare = (address) => address.replace(/^::ffff:/, '');

const requests = {
  tcp: ({ address, port, from, fromPort, silent, timeoutMs }) =>
    new Promise((resolve) => {
      const socket = connect({
        host: address,
        port,
        ...(from ? { localAddress: from } : {}),
        ...(fromPort ? { localPort: fromPort } : {}),
      });
      let text = '';
      let connected = false;
      const answer = (result) => {
        clearTimeout(timer);
        socket.destroy();
        resolve(result);
      };
      const timer = setTimeout(() => answer(connected ? { seen: 'reachable' } : { seen: 'unreachable', reason: 'no answer' }), timeoutMs);
      const finish = () =>
        answer({ seen: 'reachable', ...(text.startsWith(GREETING) ? { source: text.slice(GREETING.length).trim() } : {}) });
      socket.setEncoding('utf8');
      socket.on('connect', () => {
        connected = true;
        // A server of somebody else's may wait for us to speak: being connected is enough then.
        setTimeout(finish, silent ? 0 : Math.min(timeoutMs, 300)).unref();
      });
      socket.on('data', (chunk) => {
        text += chunk;
        if (text.includes('\n')) finish();
      });
      socket.on('end', finish);
      socket.on('error', (error) =>
        answer(connected ? { seen: 'reachable' } : { seen: error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable', reason: error.code }),
      );
    }),

  udp: ({ address, port, from, fromPort, family, timeoutMs }) =>
    new Promise((resolve) => {
      const socket = createSocket(family === 'ipv6' ? 'udp6' : 'udp4');
      let again;
      const answer = (result) => {
        clearTimeout(timer);
        clearInterval(again);
        socket.close();
        resolve(result);
      };
      const timer = setTimeout(() => answer({ seen: 'unreachable', reason: 'no answer' }), timeoutMs);
      socket.on('message', (message) => {
        const text = message.toString('utf8');
        answer({ seen: 'reachable', ...(text.startsWith(GREETING) ? { source: text.slice(GREETING.length).trim() } : {}) });
      });
      const failed = (error) => answer({ seen: error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable', reason: error.code });
      socket.on('error', failed);
      const start = () =>
        socket.connect(port, address, () => {
          const send = () => socket.send('netloom?', (error) => error && failed(error));
          send();
          again = setInterval(send, 200);
        });
      if (from || fromPort) socket.bind(fromPort ?? 0, from, start);
      else start();
    }),

  'listen-tcp': ({ port }) =>
    new Promise((resolve, reject) => {
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.end(`${GREETING}${bare(socket.remoteAddress ?? '')}\n`);
      });
      server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve({ listening: false }) : reject(error)));
      server.listen({ port, host: '::', ipv6Only: false }, () => resolve({ listening: true }));
    }),

  // One socket a family: a datagram from a mapped address would be answered from the wrong one.
  'listen-udp': async ({ port }) => {
    const bound = await Promise.all([listenUdp('udp4', port, '0.0.0.0'), listenUdp('udp6', port, '::')]);
    return { listening: bound.every(Boolean) };
  },
};

function listenUdp(type, port, address) {
  return new Promise((resolve, reject) => {
    // Node refuses ipv6Only for an IPv4 socket, with EINVAL.
    const socket = createSocket({ type, ipv6Only: type === 'udp6' });
    socket.once('error', (error) => (['EADDRINUSE', 'EAFNOSUPPORT'].includes(error.code) ? resolve(false) : reject(error)));
    socket.on('message', (_, peer) => socket.send(`${GREETING}${bare(peer.address)}`, peer.port, peer.address));
    socket.bind(port, address, () => resolve(true));
  });
}

const lines = createInterface({ input: process.stdin });
lines.on('line', async (line) => {
  const { id, ask, ...details } = JSON.parse(line);
  try {
    process.stdout.write(`${JSON.stringify({ id, ...(await requests[ask](details)) })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ id, failed: String(error) })}\n`);
  }
});
lines.on('close', () => process.exit(0));
