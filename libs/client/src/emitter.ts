/** Listeners by the name of what they wait for. A listener that throws does not keep the others from hearing. */
export class Emitter<Events extends object> {
  private readonly listeners = new Map<keyof Events, Set<(data: never) => void>>();

  /** @returns ends the subscription */
  on<N extends keyof Events>(name: N, listener: (data: Events[N]) => void): () => void {
    const all = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, all.add(listener));
    return () => all.delete(listener);
  }

  emit<N extends keyof Events>(name: N, data: Events[N]): void {
    for (const listener of this.listeners.get(name) ?? []) {
      try {
        (listener as (data: Events[N]) => void)(data);
      } catch (error) {
        // Not ours to handle and not ours to hide: it surfaces as an uncaught error of its own.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
