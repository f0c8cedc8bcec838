/** A read that several may want at the same time: it is done once, and those who come while it runs share it. */
export interface SharedRead<T> {
  /** What was read after the call, or by a read that was under way. Rejects when it took too long. */
  read(): Promise<T>;
  /** What was read last for this key; read again only for another one. */
  readFor(key: number): Promise<T>;
}

/** `timeoutMs` is how long one who asks waits. A read that hangs is not started a second time. */
export function shareRead<T>(work: () => Promise<T>, timeoutMs: number): SharedRead<T> {
  let running: Promise<T> | undefined;
  let last: { readonly key: number; readonly value: T } | undefined;
  const read = (): Promise<T> => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return within(running, timeoutMs);
  };
  return {
    read,
    readFor: async (key) => {
      if (last?.key !== key) last = { key, value: await read() };
      return last.value;
    },
  };
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the host could not be read within ${ms / 1000} s`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
