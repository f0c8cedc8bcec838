/** Whether something about the host is as netloom needs it. `warning`: it works, and not as well as it should. `failed`: it is in the way. */
export type Verdict = 'ok' | 'warning' | 'failed';

/** In the order in which they are told. */
export const HEALTH_GROUPS = [
  'programs',
  'kernel',
  'privileges',
  'files',
  'firewalls',
  'settings',
  'services',
  'leftovers',
  'topologies',
] as const;

export type HealthGroup = (typeof HEALTH_GROUPS)[number];

interface Subject {
  readonly group: HealthGroup;
  /** What was looked at: `nft`, `/run/netns`, `net.ipv4.ip_forward`. Several findings may be about one. */
  readonly subject: string;
  readonly message: string;
}

/** One thing that `netloom doctor` has looked at. */
export type Finding =
  | (Subject & { readonly verdict: 'ok' })
  | (Subject & {
      readonly verdict: 'warning' | 'failed';
      readonly code: string;
      /** What to do: a command where there is one. */
      readonly fix: string;
    });

export const isReady = (findings: readonly Finding[]): boolean => findings.every(({ verdict }) => verdict !== 'failed');

/** A program that netloom starts, as this host has it. */
export interface ProgramState {
  readonly name: string;
  /** What brings it, as Debian calls it. */
  readonly package: string;
  /** What it is for. */
  readonly use: string;
  /** `always`: nothing works without. `mostly`: something that most topologies need does not. `seldom`: only who needs it misses it. */
  readonly need: 'always' | 'mostly' | 'seldom';
  /** The oldest version that will do; absent where any does. */
  readonly least?: string;
  readonly installed: boolean;
  /** Absent where it does not say. */
  readonly version?: string;
}

/** Something that the kernel was made to do on a throw-away host. */
export interface FeatureState {
  readonly name: string;
  /** What it is configured by in a kernel of one's own, and the module: `CONFIG_VETH (veth)`. */
  readonly option: string;
  /** What `modprobe` is to be told; absent where it is no module. */
  readonly module?: string;
  readonly works: boolean;
  /** Where it does not work: what the tool said. */
  readonly reason?: string;
}

/** What came of the throw-away host. */
export type Trial =
  | { readonly possible: true; readonly features: readonly FeatureState[] }
  | { readonly possible: false; readonly reason: string; readonly hint: string };

/** A directory that netloom keeps something in. */
export interface PlaceState {
  readonly path: string;
  readonly use: string;
  /** It is there; otherwise the first apply makes it. */
  readonly exists: boolean;
  /** What is in the way: `/run/netns is a symbolic link`. */
  readonly obstacle?: { readonly path: string; readonly what: string };
  /** Why nothing can be written: `EROFS`, `EACCES`, `ENOSPC`. */
  readonly unwritable?: string;
  /** Of a mount point: whether what is mounted in it is seen in other mount namespaces, too. Absent: it is none. */
  readonly shared?: boolean;
}

/** What of the host's devices a network service has taken into its care. */
export interface ManagerState {
  readonly service: 'systemd-networkd' | 'NetworkManager';
  readonly devices: readonly string[];
}

/** All that is read of the host for its own sake; what a plan reads is not in here. */
export interface Examination {
  readonly programs: readonly ProgramState[];
  /** `6.1.0-13-amd64` */
  readonly release: string;
  readonly missingCapabilities: readonly string[];
  readonly trial: Trial;
  /** What keeps an ordinary user from a sandbox; absent: nothing. */
  readonly userSandbox?: { readonly reason: string; readonly hint: string };
  readonly places: readonly PlaceState[];
  /** Path below /proc/sys → value; absent ones do not exist here, or cannot be seen. */
  readonly settings: ReadonlyMap<string, string>;
  /** Whether the host's settings can be changed: /proc/sys is mounted read-only in many containers. */
  readonly settable: boolean;
  readonly managers: readonly ManagerState[];
  /** Who is changing the host at this moment. */
  readonly lockedBy?: string;
}
