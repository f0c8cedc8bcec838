import { readFileSync, readlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Actor } from '../../model/audit.ts';

/** Never asked for: a login that has none (kernel/audit.c, AUDIT_UID_UNSET). */
const NO_LOGIN = 0xffff_ffff;

/** Who runs this process, as far as it can be told. Never throws. */
export function actorOf(env: Readonly<Record<string, string | undefined>>): Actor {
  const user = attempt(() => userInfo().username);
  const loginUid = attempt(() => Number(readFileSync('/proc/self/loginuid', 'utf8')));
  const tty = [0, 1, 2]
    .map((fd) => attempt(() => readlinkSync(`/proc/self/fd/${fd}`)))
    .find((path) => /^\/dev\/(pts\/|tty)\w+$/.test(path ?? ''));
  const ssh = env.SSH_CONNECTION?.split(' ')[0];
  return {
    pid: process.pid,
    uid: process.getuid?.() ?? 0,
    ...(user === undefined ? {} : { user }),
    ...(loginUid === undefined || Number.isNaN(loginUid) || loginUid === NO_LOGIN ? {} : { loginUid }),
    ...(env.SUDO_USER ? { sudoUser: env.SUDO_USER.slice(0, 64) } : {}),
    ...(tty === undefined ? {} : { tty: tty.slice('/dev/'.length) }),
    ...(ssh ? { ssh: ssh.slice(0, 64) } : {}),
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
