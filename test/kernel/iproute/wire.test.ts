import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EdgeError } from '../../../src/kernel/iproute/read/edge.ts';
import { parseLinks } from '../../../src/kernel/iproute/read/links.ts';
import { parseRoutes } from '../../../src/kernel/iproute/read/routes.ts';
import { linkDocument } from '../../../src/kernel/rtnetlink/links.ts';
import { refusalText } from '../../../src/kernel/rtnetlink/refusal.ts';
import { READ_REQUESTS } from '../../../src/kernel/rtnetlink/requests.ts';
import { routeDocument } from '../../../src/kernel/rtnetlink/routes.ts';
import { requestsOf } from '../../../src/kernel/rtnetlink/steps.ts';
import * as uapi from '../../../src/kernel/rtnetlink/uapi.ts';
import {
  type Answer,
  answerOf,
  attribute,
  eachAttribute,
  request,
  short,
  text,
  textIn,
  word,
  zeros,
} from '../../../src/kernel/rtnetlink/wire.ts';

const bytes = (...parts: string[]): Buffer => Buffer.from(parts.join(''), 'hex');
const done = (code = 0): string => request(uapi.NLMSG_DONE, 2, word(code >>> 0));
const link = (flags = 2): string => request(uapi.RTM_NEWLINK, flags, zeros(16), attribute(uapi.IFLA_IFNAME, text('eth0\0')));

test('answers: all messages up to the end, and whether the list changed meanwhile', () => {
  expect(answerOf(bytes(link(), link(), done()))).toMatchObject({ interrupted: false, messages: [{ type: 16 }, { type: 16 }] });
  expect(answerOf(bytes(link(0x10), done())).interrupted).toBe(true);
  expect(answerOf(bytes(done())).messages).toEqual([]);
});

test.each([
  ['no end', bytes(link()), 'an answer has no end'],
  ['nothing', Buffer.alloc(0), 'an answer has no end'],
  ['half a message', bytes(link()).subarray(0, 30), 'cut short at byte 0 of 30'],
  ['half a header', bytes(link(), zeros(7)), 'cut short at byte 44'],
  ['a message without length', bytes(zeros(16), done()), 'cut short at byte 0'],
  ['a list that the kernel gave up', bytes(link(), done(-95)), 'ended a list with error 95'],
  ['a refusal', bytes(request(uapi.NLMSG_ERROR, 0, word(-1 >>> 0), zeros(16))), 'ended a list with error 1'],
])('answers: %s is an error that says so', (_, answer, message) => {
  expect(() => answerOf(answer)).toThrow(message);
});

test('attributes: flags of the type are no part of it, and one that is longer than its place is an error', () => {
  const seen: string[] = [];
  const two = bytes(attribute(3 | 0x8000, text('abc\0')), attribute(7, text('de')));
  eachAttribute(two, 0, two.length, (type, from, to) => seen.push(`${type} ${textIn(two, from, to)}`));
  expect(seen).toEqual(['3 abc', '7 de']);
  expect(() => eachAttribute(two, 0, 6, () => undefined)).toThrow('an attribute is cut short at byte 0');
  expect(() => eachAttribute(bytes(short(2), short(1)), 0, 4, () => undefined)).toThrow('cut short');
});

test('refusals: the words of the kernel, if there are any, whether the request is repeated or not', () => {
  const words = attribute(1, text('Nexthop has invalid gateway\0'));
  const echoed = link();
  const refusal = (flags: number, ...parts: string[]) => bytes(request(uapi.NLMSG_ERROR, flags, word(-101 >>> 0), ...parts));
  expect(refusalText(refusal(0x200, echoed, words))).toBe('Nexthop has invalid gateway');
  expect(refusalText(refusal(0x300, echoed.slice(0, 32), words))).toBe('Nexthop has invalid gateway');
  expect(refusalText(refusal(0, echoed))).toBeUndefined();
  expect(refusalText(refusal(0x200, echoed, attribute(2, word(4))))).toBeUndefined();
  expect(refusalText(Buffer.alloc(40))).toBeUndefined();
});

test('requests: a header that fits, and an ifindex where the kernel looks for it', () => {
  for (const { hex } of READ_REQUESTS) expect(hex.slice(0, 8)).toBe(word(hex.length / 2));
  const [[find, add] = []] =
    requestsOf({
      do: 'route-replace',
      namespace: 'a',
      route: { family: 'ipv4', to: '10.0.0.0/8', type: 'unicast', dev: 'x', protocol: 4 },
    }) ?? [];
  expect(find?.looksFor).toBe('x');
  expect(add?.hex.slice(0, 2 * (add.indexAt ?? 0))).toMatch(new RegExp(`${short(8)}${short(uapi.RTA_OIF)}$`));
});

test('requests: none for what only `ip` knows, and none at all from text that is not plain', () => {
  expect(requestsOf({ do: 'neighbour-flush', namespace: 'a', dev: 'x', address: '10.0.0.1' })).toBeUndefined();
  expect(requestsOf({ do: 'link-set', namespace: 'a', dev: 'x', set: { master: 'br0' } })).toBeUndefined();
  expect(requestsOf({ do: 'link-set', namespace: 'a', dev: 'x', set: {} })).toEqual([]);
  expect(() => requestsOf({ do: 'link-delete', namespace: 'a', dev: 'x; y' })).toThrow('refused device');
  expect(() => requestsOf({ do: 'address-add', namespace: 'a', dev: 'x', address: '10.0.0.1' })).toThrow('refused address');
  const route = { family: 'ipv4', to: '10.0.0.0/8', type: 'unicast', dev: 'x', protocol: 256 } as const;
  expect(() => requestsOf({ do: 'route-delete', namespace: 'a', route })).toThrow('refused protocol');
});

test('answers with other bytes, or cut short, are read or are an error that says so', () => {
  const nested = (type: number, payload: string) => attribute(type | 0x8000, payload);
  const info = nested(
    uapi.IFLA_LINKINFO,
    attribute(uapi.IFLA_INFO_KIND, text('bridge\0')) + nested(uapi.IFLA_INFO_DATA, attribute(5, word(1))),
  );
  const one = request(
    uapi.RTM_NEWLINK,
    2,
    zeros(16),
    attribute(uapi.IFLA_IFNAME, text('eth0\0')),
    attribute(uapi.IFLA_MTU, word(1500)),
    info,
  );
  const address = request(uapi.RTM_NEWADDR, 2, zeros(8), attribute(uapi.IFA_LOCAL, '0a000001'), attribute(uapi.IFA_FLAGS, word(128)));
  const header = '02080000fe040001';
  const route = request(uapi.RTM_NEWROUTE, 2, header, zeros(4), attribute(uapi.RTA_DST, '0a000000'), attribute(uapi.RTA_OIF, word(2)));
  const whole = [bytes(one, done()), bytes(address, done()), bytes(route, done())];
  let refused = 0;
  const spoilt = (answer: Buffer) =>
    fc
      .tuple(fc.array(fc.tuple(fc.nat(answer.length - 1), fc.nat(255)), { maxLength: 4 }), fc.integer({ min: -8, max: answer.length }))
      .map(([edits, cut]) => {
        const copy = Buffer.from(answer);
        for (const [at, value] of edits) copy[at] = value;
        return cut <= 0 ? copy : copy.subarray(0, cut);
      });
  fc.assert(
    fc.property(fc.tuple(...whole.map(spoilt)), (answers) => {
      try {
        const [links, addresses, routes] = answers.map(answerOf) as [Answer, Answer, Answer];
        const { document, names } = linkDocument(links, addresses);
        parseLinks(document);
        parseRoutes(routeDocument(routes, names));
      } catch (error) {
        if (!(error instanceof EdgeError)) throw error;
        refused += 1;
      }
    }),
    { numRuns: 2000, seed: 5 },
  );
  expect(refused).toBeGreaterThan(100);
});
