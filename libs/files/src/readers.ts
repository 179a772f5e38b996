/** Where a file was sent. */
export interface SentPlace {
  conversationId: string;
  seq: number;
}

/**
 * The questions this library asks of a higher one: what may this person read now? Messaging answers;
 * the app binds it.
 */
export abstract class FileReaders {
  /** What they may read of a conversation now; undefined where nothing. */
  abstract visible(
    personId: string,
    conversationId: string,
  ): Promise<{ afterSeq: number; lastSeq: number } | undefined>;
  abstract mayRead(personId: string, places: SentPlace[]): Promise<boolean>;
}
