import type { ExportFile } from '#contracts';
import type { RecordFiles } from './record-files.service.js';
import type { RecordWriter } from './record-writer.js';

/** A file is closed once it is this large: small enough for a browser to save in one piece. */
const fileBytes = 64 * 1024 * 1024;

/** The lines of an export, cut into files of bounded size in their order, and the manifest after them. */
export class ExportWriter {
  readonly files: ExportFile[] = [];
  private current: RecordWriter | undefined;

  constructor(
    private readonly records: RecordFiles,
    private readonly exportId: string,
  ) {}

  async line(line: string): Promise<void> {
    if (this.current && this.current.size >= fileBytes) await this.close();
    this.current ??= await this.open(fileName(this.files.length + 1));
    await this.current.write(`${line}\n`);
  }

  /** Ends the last file of lines; from here on `files` is complete. */
  async close(): Promise<void> {
    if (!this.current) return;
    this.files.push(await this.current.finish());
    this.current = undefined;
  }

  async manifest(text: string): Promise<void> {
    const writer = await this.open('manifest.json');
    await writer.write(text);
    await writer.finish();
  }

  private open(name: string): Promise<RecordWriter> {
    return this.records.create(this.exportId, name, this.files.length + 1);
  }
}

const fileName = (number: number) => `events-${String(number).padStart(4, '0')}.jsonl`;
