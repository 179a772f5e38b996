import { setTimeout as pause } from 'node:timers/promises';
import { repertoireOf, type Disturbance } from './disturbances/disturbances.js';
import type { Installation } from './installation.js';
import type { Random } from './random.js';
import { scheduleOf } from './schedule.js';

export interface StormOptions {
  durationMs: number;
  /** What is told while it rages, line by line. */
  tell: (line: string) => void;
  /** Names of the only disturbances to choose from; all where absent. */
  only?: readonly string[];
}

/** Disturbances one after the other, sometimes two at once. */
export class Storm {
  readonly disturbances = new Map<string, number>();
  readonly notExercised: string[];
  private readonly repertoire: Map<string, Disturbance>;
  private readonly began = performance.now();

  constructor(
    private readonly installation: Installation,
    private readonly random: Random,
    private readonly options: StormOptions,
  ) {
    const { disturbances, notExercised } = repertoireOf(installation);
    this.notExercised = notExercised;
    const { only } = options;
    const chosen = disturbances.filter(({ name }) => !only || only.includes(name));
    if (only && chosen.length !== only.length)
      throw new Error(`not all of these can be done: ${only.join(', ')}`);
    this.repertoire = new Map(chosen.map((one) => [one.name, one]));
  }

  async rage(): Promise<void> {
    for (const { afterMs, forMs, names } of scheduleOf([...this.repertoire.keys()], this.random)) {
      const left = this.options.durationMs - (performance.now() - this.began);
      if (left < afterMs) return;
      await pause(afterMs);
      const chosen = names.map((name) => this.repertoire.get(name)!);
      this.tell(`${names.join(' + ')}, for ${(forMs / 1000).toFixed(1)} s`);
      for (const one of chosen) await one.begin();
      await pause(forMs);
      await Promise.all(chosen.map(async (one) => one.end()));
      for (const name of names) this.disturbances.set(name, (this.disturbances.get(name) ?? 0) + 1);
      await this.mend();
    }
  }

  /** Everything is as it should be. */
  async calm(): Promise<void> {
    await this.mend();
    this.tell('everything is left alone; everybody comes back');
  }

  private async mend(): Promise<void> {
    const ended = await this.installation.mend();
    if (ended.length > 0) this.tell(`had ended and was started again: ${ended.join(', ')}`);
  }

  private tell(line: string): void {
    const seconds = ((performance.now() - this.began) / 1000).toFixed(1);
    this.options.tell(`${seconds.padStart(7)} s  ${line}`);
  }
}
