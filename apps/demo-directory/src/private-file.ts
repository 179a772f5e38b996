import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Only the owner may read it, and after a power cut there is either the old content or the new one. */
export function writePrivateFile(path: string, content: Iterable<string>): void {
  const draft = `${path}.tmp`;
  rmSync(draft, { force: true });
  const file = openSync(draft, 'wx', 0o600);
  try {
    for (const part of content) writeFileSync(file, part);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** The parsed content, or undefined when there is no such file. */
export function readJsonFile(path: string): unknown {
  if (!existsSync(path)) return undefined;
  const content = readFileSync(path, 'utf8');
  try {
    return JSON.parse(content);
  } catch {
    throw new Error(`The file ${path} is damaged: it is not JSON.`);
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
