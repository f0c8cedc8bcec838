import { readdirSync } from 'node:fs';
import { beforeEach } from 'vitest';
import { createIprouteKernel } from '../../src/kernel/iproute/kernel.ts';
import { shell } from '../support/sandbox.ts';
import { describeConformance } from './conformance.ts';

/** Makes the sandbox an empty host again. The kernel takes namespaces apart in the background, so that links may linger for a moment. */
beforeEach(async () => {
  await shell('ip -all netns delete; nft flush ruleset; rm -rf /etc/netns/* /run/netloom/*');
  while (readdirSync('/sys/class/net').some((name) => name !== 'lo')) {
    await shell(
      'for path in /sys/class/net/*; do name=${path##*/}; [ "$name" = lo ] || ip link delete "$name" 2>/dev/null || :; done; sleep 0.01',
    );
  }
});

describeConformance(async () => createIprouteKernel());
