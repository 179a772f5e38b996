/** Where a file was sent. */
export interface SentPlace {
  conversationId: string;
  seq: number;
}

/**
 * The question this library asks of a higher one: may this person read one of these places now? Messaging answers;
 * the app binds it.
 */
export abstract class FileReaders {
  abstract mayRead(personId: string, places: SentPlace[]): Promise<boolean>;
}
