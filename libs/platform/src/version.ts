import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of the installation: the one with package.json, whether this runs from source or from dist. */
export const installationFolder: string = (() => {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('package.json is missing above the program');
    folder = above;
  }
  return folder;
})();

/** The program of a server or tool, as an installation runs it. */
export const programOf = (app: string): string => join(installationFolder, 'dist/servers', `${app}.js`);

const manifest = JSON.parse(readFileSync(join(installationFolder, 'package.json'), 'utf8')) as {
  version: string;
};

/** Version of this build. */
export const version: string = manifest.version;
