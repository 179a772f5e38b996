/** What can be hinted at. A hint wakes; whatever must not be lost is a row that the woken read. */
export type HintTopic = 'messages' | 'directory' | 'sessions' | 'policies' | 'presence' | 'typing';

export type HintListener = (message: string) => void;

/**
 * The bus between processes. Lossy by contract: a hint may be late, doubled or missing, and costs only delay when
 * it is. Listeners of the same process hear a hint at once, others after a round trip.
 */
export abstract class Hints {
  private readonly listeners = new Map<HintTopic, Set<HintListener>>();

  subscribe(topic: HintTopic, listener: HintListener): () => void {
    const listeners = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** @param message at most 1,000 characters, for every process */
  publish(topic: HintTopic, message: string): void {
    this.hear(topic, message);
    this.send(topic, message);
  }

  protected hear(topic: HintTopic, message: string): void {
    for (const listener of this.listeners.get(topic) ?? []) listener(message);
  }

  /** Begins to listen; returns once other processes can be heard. */
  abstract open(): Promise<void>;
  abstract close(): Promise<void>;
  protected abstract send(topic: HintTopic, message: string): void;
}
