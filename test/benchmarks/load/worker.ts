import { jobs, type JobName } from './jobs.js';

// A process of its own, so that the load never waits for the benchmark and its share of the machine can be told.
process.on('message', ({ id, name, input }: { id: number; name: JobName; input: never }) => {
  Promise.resolve()
    .then((): Promise<unknown> => jobs[name](input))
    .then(
      (answer) => process.send?.({ id, answer }),
      (error: unknown) =>
        process.send?.({ id, fault: error instanceof Error ? error.message : String(error) }),
    );
});
process.once('disconnect', () => process.exit());
