/** So many people are asked for with one statement. */
const peopleAtOnce = 1000;

export function* pagesOf<T>(items: Iterable<T>): Generator<T[]> {
  let page: T[] = [];
  for (const item of items) {
    page.push(item);
    if (page.length < peopleAtOnce) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
