/** The next page is on its way while one is worked on. */
export async function* ahead<T>(pages: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = pages.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done) return;
      next = pages.next();
      // It may fail before anybody waits for it, who will hear of it then.
      next.catch(() => {});
      yield value;
    }
  } finally {
    // Servers keep one paged search of a connection: before the next one begins, this one has ended.
    await next.catch(() => {});
  }
}
