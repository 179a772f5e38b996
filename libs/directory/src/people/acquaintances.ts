/** Who meets whom in conversations is known above this library, which only asks. */
export abstract class Acquaintances {
  /** Those of the people with whom somebody shares a conversation now. */
  abstract among(personId: string, others: readonly string[]): Promise<Set<string>>;
}
