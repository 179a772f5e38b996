import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installationFolder } from '#platform';

/** One place of the build that is different. */
export interface Variation {
  /** Compiled file below dist, such as `libs/messaging/src/messages/send-writers.service.js`. */
  file: string;
  /** Text that stands there exactly once. */
  find: string;
  replace: string;
}

/** A copy of the built servers that differs in named places, to be measured against, or broken on purpose. */
export class VariedBuild {
  private constructor(readonly folder: string) {}

  /** Its servers, each file as it was compiled. */
  programOf(app: string): string {
    return join(this.folder, 'dist/apps', app, 'src/main.js');
  }

  /** Throws where a text to be replaced does not stand exactly once: a variation must not turn into none unseen. */
  static async make(variations: readonly Variation[]): Promise<VariedBuild> {
    const build = new VariedBuild(await mkdtemp(join(tmpdir(), 'chancery-build-')));
    try {
      for (const part of [
        'package.json',
        'dist/apps',
        'dist/libs',
        'dist/servers',
        'dist/migrations',
        'dist/web',
        'dist/console',
      ]) {
        await cp(join(installationFolder, part), join(build.folder, part), { recursive: true });
      }
      for (const packages of ['node_modules', 'dist/node_modules']) {
        await symlink(join(installationFolder, packages), join(build.folder, packages));
      }
      for (const variation of variations) await build.vary(variation);
      return build;
    } catch (error) {
      await build.remove();
      throw error;
    }
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  private async vary({ file, find, replace }: Variation): Promise<void> {
    const path = join(this.folder, 'dist', file);
    const pieces = (await readFile(path, 'utf8')).split(find);
    if (pieces.length !== 2) throw new Error(`${file} has ${pieces.length - 1} times: ${find}`);
    await writeFile(path, pieces.join(replace));
  }
}
