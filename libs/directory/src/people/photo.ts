/** Name of a photo in the object store. */
export const photoKey = (digest: string): string => `photo-${digest}`;
