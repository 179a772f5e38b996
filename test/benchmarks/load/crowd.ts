import { LoadDevice, type LoadPerson } from './device.js';
import type { Target } from './socket.js';

/** Handshakes on their way at once. */
const connectsAtOnce = 100;

/** The devices of this process. */
export class Crowd {
  devices: LoadDevice[] = [];

  /** Connects people who are not yet connected, each on one device, and brings them up to date. */
  async connect(target: Target, people: readonly LoadPerson[], withSync: boolean): Promise<void> {
    const devices = people.map((person) => new LoadDevice(person));
    this.devices.push(...devices);
    await eachAtOnce(devices, connectsAtOnce, async (device) => {
      await device.connect(target);
      if (withSync) await device.sync(1);
    });
  }

  forgetCounts(): void {
    for (const device of this.devices) device.forgetCounts();
  }

  total(count: (device: LoadDevice) => number): number {
    return this.devices.reduce((sum, device) => sum + count(device), 0);
  }

  /** Throws what the first of them complains of. */
  requireNoFaults(): void {
    const complaints = this.devices.flatMap(({ faults }) => faults);
    if (complaints.length > 0) throw new Error(`${complaints.length} faults, such as: ${complaints[0]}`);
  }

  close(): void {
    for (const device of this.devices) device.close();
    this.devices = [];
  }
}

/** Works on all, so many at once. */
export async function eachAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) await work(items[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
