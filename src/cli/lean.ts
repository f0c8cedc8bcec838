import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 keep memory small rather than make the most of its time, for a process that runs all day and mostly waits. Each reconcile leaves some megabytes
 * of garbage; by default the young generation grows to 3 × 16 MB and the old one is let grow far before it is collected, so that a watch settles at
 * 112 MB and more of resident memory, and at 80 MB with this. Both flags are read whenever V8 decides about growth, so they work on a running process;
 * `--max-semi-space-size` would not, and restarting Node with other options would cost a second process.
 */
export function stayLean(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--semi-space-growth-factor=1');
}
