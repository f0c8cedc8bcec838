import type { Attach } from './topology.ts';

/** What to listen for on behalf of one topology: the places where a change of somebody else's would show. */
export interface Interest {
  readonly topology: string;
  /** Names under /run/netns, which are directories below /etc/netns too. */
  readonly namespaces: readonly string[];
  /** Interfaces of the host's namespace, by the names that they should have: bridges, their ports, ends of links. */
  readonly devices: readonly string[];
  /** Sysctls that the file sets: namespace → path below /proc/sys → value. Most of them emit no event, and are looked at in turn. */
  readonly sysctls: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Namespaces that have an nft table of ours. A listener inside would keep the namespace alive, so these are looked at in turn, too. */
  readonly tables: readonly string[];
  /** Namespaces of others: by the name that they get. */
  readonly attached: ReadonlyMap<string, Attach>;
}

/** Something may have changed: look again. It says whose, never what to do. */
export interface Sign {
  /** Absent: nobody's in particular; somebody else's object, which matters only to who waits for it to go away. */
  readonly topology?: string;
  /** Set where events may have been missed: everything is to be looked at. */
  readonly lost?: true;
  /** For people: `link br-web`, `/etc/netns/web01/hosts`. */
  readonly what: string;
}

/** Hears what changes on the host, in every namespace that it follows. Keeps no state of the kernel's. */
export interface Listener {
  /** Listens for these from now on, and for no others. What was changed before it returns may go unheard: look once after it. */
  follow(interests: readonly Interest[]): Promise<void>;
  /** Resolves when what was changed before the call has been heard: nothing has come for a moment, or a bound is reached. */
  settled(): Promise<void>;
  /** Why changes of some kind go unheard at the moment. Empty: nothing does. */
  blind(): readonly string[];
  close(): Promise<void>;
}

export interface ListenerOptions {
  readonly onSign: (sign: Sign) => void;
}
