/** Resolves when the process is asked to stop, by Ctrl-C or by whoever started it. */
export function stopSignal(): Promise<void> {
  return new Promise(stop => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop());
  });
}
