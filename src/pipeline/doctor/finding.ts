import type { Finding, HealthGroup } from '../../model/health.ts';

export const fine = (group: HealthGroup, subject: string, message: string): Finding => ({ group, subject, verdict: 'ok', message });

interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

export const doubtful = (group: HealthGroup, subject: string, trouble: Trouble): Finding => ({
  group,
  subject,
  verdict: 'warning',
  ...trouble,
});

export const bad = (group: HealthGroup, subject: string, trouble: Trouble): Finding => ({ group, subject, verdict: 'failed', ...trouble });
