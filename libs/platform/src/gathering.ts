import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from './app-error.js';

export interface GatheringLimits {
  /** Questions of one answer. */
  together: number;
  /** Answers under way at once. */
  underWay: number;
  /** Questions that wait; beyond it they are refused. */
  waiting: number;
}

interface Waiting<Question, Answer> {
  question: Question;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/** A rush passes within a second or two. */
const retryAfterMs = 500;
/** In a rush the next answer waits for so long, and is one of many. */
const rushMs = 5;

/**
 * Answers many questions with one: what is asked while answers are under way goes into the next. Alone, a question is
 * answered at once; in a rush, thousands cost a few statements.
 */
export class Gathering<Question, Answer> {
  private waiting: Waiting<Question, Answer>[] = [];
  private underWay = 0;

  /** @param answer gives the answers in the order of the questions; a fault fails all of them */
  constructor(
    private readonly answer: (questions: Question[]) => Promise<Answer[]>,
    private readonly limits: GatheringLimits,
  ) {}

  /** Throws `overloaded` where too many wait. */
  ask(question: Question): Promise<Answer> {
    if (this.waiting.length >= this.limits.waiting) throw new AppError('overloaded', { retryAfterMs });
    return new Promise((resolve, reject) => {
      this.waiting.push({ question, resolve, reject });
      if (this.underWay < this.limits.underWay) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.underWay += 1;
    // Whoever asks in this same turn of the loop comes along.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const together = this.waiting.splice(0, this.limits.together);
      await this.runTogether(together);
      if (together.length > 1 && this.waiting.length < this.limits.together) await pause(rushMs);
    }
    this.underWay -= 1;
  }

  private async runTogether(together: Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.answer(together.map(({ question }) => question));
      together.forEach(({ resolve }, i) => resolve(answers[i]!));
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }
}
