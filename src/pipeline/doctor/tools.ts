import type { Examination, FeatureState, Finding, ProgramState } from '../../model/health.ts';
import { bad, doubtful, fine } from './finding.ts';

/** The oldest kernel that netloom is tested with. */
const LEAST_KERNEL = '6.1';

export const programs = (states: readonly ProgramState[]): Finding[] => states.map(ofProgram);

function ofProgram({ name, package: from, use, need, least, installed, version }: ProgramState): Finding {
  const fix = `apt-get install ${from}`;
  if (!installed) {
    if (need === 'always') return bad('programs', name, { code: 'E_PROGRAM', message: `not installed; it is for ${use}`, fix });
    if (need === 'mostly') return doubtful('programs', name, { code: 'W_PROGRAM', message: `not installed; it is for ${use}`, fix });
    return fine('programs', name, `not installed, and only needed for ${use}`);
  }
  if (least !== undefined && version !== undefined && isOlder(version, least)) {
    return bad('programs', name, {
      code: 'E_VERSION',
      message: `${version} is older than ${least}, the oldest that netloom works with`,
      fix,
    });
  }
  return fine('programs', name, `${version ?? 'installed'}, for ${use}`);
}

/** Compares versions number by number: 6.10 is younger than 6.9. */
export function isOlder(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) => text.split('.').map(Number));
  for (const [index, number] of (want ?? []).entries()) {
    const own = have?.[index] ?? 0;
    if (own !== number) return own < number;
  }
  return false;
}

export function kernel({ release, trial }: Examination): Finding[] {
  const version = /^\d+(\.\d+)*/.exec(release)?.[0] ?? '0';
  const old = isOlder(version, LEAST_KERNEL);
  const message = `${release} is older than ${LEAST_KERNEL}, the oldest that netloom works with`;
  return [
    old ? bad('kernel', 'Linux', { code: 'E_VERSION', message, fix: 'boot a newer kernel' }) : fine('kernel', 'Linux', release),
    ...(trial.possible
      ? trial.features.map(ofFeature)
      : [bad('kernel', 'sandbox', { code: 'E_SANDBOX', message: `the kernel could not be tried: ${trial.reason}`, fix: trial.hint })]),
  ];
}

function ofFeature({ name, option, module, works, reason }: FeatureState): Finding {
  if (works) return fine('kernel', name, 'tried on a throw-away host');
  const trouble = {
    code: 'E_KERNEL_FEATURE',
    message: `the kernel refuses: ${reason ?? 'no reason given'}`,
    fix: `${module === undefined ? '' : `modprobe ${module}; where there is no such module: `}a kernel with ${option}`,
  };
  // A host without IPv6 does for topologies without.
  return name === 'IPv6' ? doubtful('kernel', name, { ...trouble, code: 'W_NO_IPV6' }) : bad('kernel', name, trouble);
}

export function privileges({ missingCapabilities: missing, userSandbox }: Examination): Finding[] {
  return [
    missing.length === 0
      ? fine('privileges', 'apply', 'this user may look at the network and change it')
      : bad('privileges', 'apply', {
          code: 'E_PRIVILEGE',
          message: `looking at the network and changing it takes what this process lacks: ${missing.join(', ')}`,
          fix: 'run netloom as root, or inside `netloom sandbox`',
        }),
    userSandbox === undefined
      ? fine('privileges', 'sandbox', 'ordinary users may have a throw-away host of their own')
      : doubtful('privileges', 'sandbox', {
          code: 'W_USER_SANDBOX',
          message: `ordinary users may not have a throw-away host: ${userSandbox.reason}`,
          fix: userSandbox.hint,
        }),
  ];
}
