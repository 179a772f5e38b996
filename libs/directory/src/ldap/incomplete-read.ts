/** A reading that looks like success and is not: nothing may follow from it. */
export class IncompleteRead extends Error {
  override readonly name = 'IncompleteRead';
}
