/** Plural forms differ by language: English has one more of each counted phrase. */
export type WithOne<T> = T extends string
  ? string
  : { [K in keyof T]: WithOne<T[K]> } & {
      [K in keyof T as K extends `${infer Stem}_other` ? `${Stem}_one` : never]: string;
    };
