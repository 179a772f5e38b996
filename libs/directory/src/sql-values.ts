/** The parameters of a statement that is put together from parts. */
export class SqlValues {
  readonly list: unknown[] = [];

  /** @param looksAtAll the statement looks at everybody, not at a page */
  constructor(readonly looksAtAll = false) {}

  /** @returns how the statement names the value */
  add(value: unknown, type: string): string {
    this.list.push(value);
    return `$${this.list.length}::${type}`;
  }
}

/** A part of a statement: adds its parameters and returns its text. */
export type SqlCondition = (values: SqlValues) => string;
