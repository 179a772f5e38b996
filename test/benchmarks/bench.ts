import type { Installation } from './installation.js';
import type { ProfileEntry } from './inspector.js';

/** A number that was measured, and what it should be. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** Without which the benchmark fails. */
  must?: number;
  /** What is aimed at. */
  aim?: number;
  /** Whether less is better. */
  isLess?: boolean;
}

export interface Outcome {
  figures: Figure[];
  /** What else a reader must know to judge the figures. */
  notes: string[];
  profile?: ProfileEntry[];
}

export interface Options {
  /** Profiles the server while it is measured, which costs some of its speed. */
  profile: boolean;
  /** Seconds of a measurement; shorter ones serve to try something out. */
  seconds: number;
  /** People of the directory that `directory` reads; fewer than it judges serve to try something out. */
  people: number | undefined;
  /** Leaves out what only gives the proportion to the baseline, which then is not judged. */
  withoutBaseline: boolean;
}

/** What a benchmark is given to run with. */
export interface Stage {
  installation: Installation;
  options: Options;
  /** Tells the person at the terminal what is being done. */
  tell: (what: string) => void;
}

export interface Bench {
  name: string;
  /** One sentence: what is measured. */
  about: string;
  /** People the installation must have. */
  people: number;
  /** Throws where what arrived is not what was acknowledged. */
  run(stage: Stage): Promise<Outcome>;
}

export const isMet = ({ value, isLess }: Figure, wanted: number): boolean =>
  isLess ? value <= wanted : value >= wanted;
