/**
 * The lines of managers without circles: of each circle the member with the least id has no manager. The least id,
 * because it is the same in every run.
 */
export function withoutCycles(
  managers: ReadonlyMap<string, string>,
  report: (personId: string) => void,
): Map<string, string> {
  const sound = new Map(managers);
  const settled = new Set<string>();
  for (const start of managers.keys()) {
    const line: string[] = [];
    const onLine = new Set<string>();
    let at: string | undefined = start;
    while (at !== undefined && !settled.has(at) && !onLine.has(at)) {
      line.push(at);
      onLine.add(at);
      at = sound.get(at);
    }
    if (at !== undefined && onLine.has(at)) {
      const circle = line.slice(line.indexOf(at));
      const last = circle.reduce((least, id) => (id < least ? id : least));
      sound.delete(last);
      report(last);
    }
    for (const id of line) settled.add(id);
  }
  return sound;
}
