import { useEffect, useMemo } from 'react';
import { newId, type FileInfo } from '#contracts';
import { Store, useStore } from '../parts/store.js';
import { client } from '../session/service.js';

export interface Attachment {
  id: string;
  file: File;
  /** Address of a thumbnail, for images. */
  preview?: string;
  width?: number;
  height?: number;
  /** 0 to 1. */
  progress: number;
  fileId?: string;
  error?: unknown;
}

/** Files beyond this in one tray are more than one looks over. */
const mostFiles = 20;

/** The tray of one composer: uploads begin at once, and are given up when a file is removed. */
export class Attachments {
  readonly list = new Store<readonly Attachment[]>([]);
  private readonly uploads = new Map<string, AbortController>();

  add(files: Iterable<File>): void {
    const room = mostFiles - this.list.value.length;
    const added = [...files].slice(0, room).map((file): Attachment => {
      const isImage = file.type.startsWith('image/');
      return { id: newId(), file, progress: 0, ...(isImage && { preview: URL.createObjectURL(file) }) };
    });
    this.list.update((now) => [...now, ...added]);
    for (const attachment of added) {
      void this.measure(attachment);
      void this.upload(attachment);
    }
  }

  retry(id: string): void {
    const attachment = this.list.value.find((one) => one.id === id);
    if (!attachment) return;
    this.change(id, { error: undefined, progress: 0 });
    void this.upload(attachment);
  }

  remove(id: string): void {
    this.uploads.get(id)?.abort(new DOMException('removed', 'AbortError'));
    const { preview } = this.list.value.find((one) => one.id === id) ?? {};
    if (preview) URL.revokeObjectURL(preview);
    this.list.update((now) => now.filter((one) => one.id !== id));
  }

  /** Empties the tray. */
  take(): readonly Attachment[] {
    const taken = this.list.value;
    this.list.set([]);
    return taken;
  }

  /** Of what was taken, puts back what could not be sent, before what was added since, and lets go of the rest. */
  settle(taken: readonly Attachment[], refused: readonly Attachment[]): void {
    for (const one of taken) if (one.preview && !refused.includes(one)) URL.revokeObjectURL(one.preview);
    if (refused.length > 0) this.list.update((now) => [...refused, ...now]);
  }

  close(): void {
    for (const { id } of this.list.value) this.remove(id);
  }

  private async upload({ id, file }: Attachment): Promise<void> {
    const controller = new AbortController();
    this.uploads.set(id, controller);
    try {
      const fileId = await client.upload(file, {
        name: file.name || 'image.png',
        signal: controller.signal,
        onProgress: (sent, total) => this.change(id, { progress: total > 0 ? sent / total : 1 }),
      });
      this.change(id, { fileId, progress: 1 });
    } catch (error) {
      if (!controller.signal.aborted) this.change(id, { error });
    } finally {
      this.uploads.delete(id);
    }
  }

  private async measure({ id, preview }: Attachment): Promise<void> {
    if (!preview) return;
    const image = new Image();
    image.src = preview;
    try {
      await image.decode();
      this.change(id, { width: image.naturalWidth, height: image.naturalHeight });
    } catch {
      // Named an image but none: it is shown as any other file.
      this.change(id, { preview: undefined });
    }
  }

  private change(id: string, change: Partial<Attachment>): void {
    this.list.update((now) => now.map((one) => (one.id === id ? { ...one, ...change } : one)));
  }
}

/** What a screen shows of a file until the log has it. */
export const infoOf = ({ file, width, height, preview }: Attachment): FileInfo => ({
  name: file.name || 'image.png',
  size: file.size,
  mediaType: preview ? file.type : file.type.startsWith('image/') ? 'application/octet-stream' : file.type,
  ...(width !== undefined && { width }),
  ...(height !== undefined && { height }),
});

export function useAttachments(): [Attachments, readonly Attachment[]] {
  const attachments = useMemo(() => new Attachments(), []);
  useEffect(() => () => attachments.close(), [attachments]);
  return [attachments, useStore(attachments.list)];
}
