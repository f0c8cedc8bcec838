import { expect, test } from 'vitest';
import { sandboxCommand, sandboxHint } from '../../src/kernel/sandbox.ts';

test.each([
  { path: '/proc/sys/user/max_user_namespaces', value: '0\n', hint: 'user.max_user_namespaces' },
  { path: '/proc/sys/kernel/unprivileged_userns_clone', value: '0\n', hint: 'kernel.unprivileged_userns_clone=1' },
  { path: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns', value: '1\n', hint: 'kernel.apparmor_restrict_unprivileged_userns=0' },
])('sandbox: where $path forbids it, the hint says so', ({ path, value, hint }) => {
  expect(sandboxHint((asked) => (asked === path ? value : undefined), 'unshare failed')).toContain(hint);
});

test('sandbox: a container that forbids namespaces is named as the likely reason', () => {
  expect(sandboxHint(() => undefined, 'unshare: unshare failed: Operation not permitted')).toContain('--privileged');
});

test('sandbox: an ordinary user gets a user namespace, root needs none', () => {
  expect(sandboxCommand(['true'], { privileged: false })).toContain('--user');
  expect(sandboxCommand(['true'], { privileged: true })).not.toContain('--user');
});
