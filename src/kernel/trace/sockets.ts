import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** NETLINK_NETFILTER, and the bit of NFNLGRP_NFTRACE among a socket's groups (include/uapi/linux/netfilter/nfnetlink.h). */
const NETFILTER = '12';
const TRACE_GROUP = 0x100;

interface NetlinkSocket {
  readonly groups: number;
  /** Bytes that are still to be read. */
  readonly waiting: number;
}

/** Whether the kernel tells the program of traced packets by now. */
export const isListening = (pid: string): boolean => socketsOf(pid).some(({ groups }) => (groups & TRACE_GROUP) !== 0);

/** The sockets by which a program talks to nf_tables. `sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode` */
export function socketsOf(pid: string): NetlinkSocket[] {
  if (pid === '') return []; // it has not begun
  try {
    const own = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1]));
    return readFileSync(`/proc/${pid}/net/netlink`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1] === NETFILTER && own.has(fields[9]))
      .map((fields) => ({ groups: Number.parseInt(fields[3] ?? '0', 16), waiting: Number(fields[4]) }));
  } catch {
    return []; // it has ended
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
