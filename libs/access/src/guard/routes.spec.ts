import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { api, type EndpointShape } from '#contracts';

const root = join(import.meta.dirname, '../../../..');
/** The one place that turns a declared endpoint into a route of the framework. */
const maker = 'libs/platform/src/http/route.ts';
const ofFramework = /@(Get|Post|Put|Patch|Delete|Head|Options|All|Search|Sse)\(/;

async function sources(): Promise<string[]> {
  const folders = await Promise.all(
    ['apps', 'libs'].map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true })).map((path) => join(folder, path)),
    ),
  );
  return folders
    .flat()
    .filter(
      (path) =>
        /\/src\/.*\.ts$/.test(path) && !/\.(spec|d)\.ts$/.test(path) && !path.includes('node_modules'),
    );
}

describe('the doors of the product', () => {
  it('have no route without a declared policy: none is made past the contract', async () => {
    const undeclared: string[] = [];
    const served = new Set<string>();
    for (const path of await sources()) {
      const text = await readFile(join(root, path), 'utf8');
      if (path !== maker && ofFramework.test(text)) undeclared.push(path);
      for (const [, id] of text.matchAll(/@Route\(\s*\w+\.(\w+)/g)) served.add(id!);
    }
    expect(undeclared).toEqual([]);
    expect([...served].filter((id) => !(id in api))).toEqual([]);
    expect(Object.keys(api).filter((id) => !served.has(id))).toEqual([]);
  });

  it('name somebody who may come in, and what a bot needs where bots may', () => {
    for (const { id, callers, scope, area } of Object.values(api) as EndpointShape[]) {
      expect({ id, callers: callers.length > 0 }).toEqual({ id, callers: true });
      const ofContent = area === 'messaging' && (callers as readonly string[]).includes('bot');
      expect({ id, needsScope: !ofContent || scope !== undefined }).toEqual({ id, needsScope: true });
    }
  });

  it('let no administrator read what people write', () => {
    const roles = ['system-admin', 'security-admin', 'audit-admin'];
    const ofContent = (Object.values(api) as EndpointShape[]).filter(
      ({ area, callers }) => area === 'messaging' && callers.some((caller) => roles.includes(caller)),
    );
    expect(ofContent.map(({ id }) => id)).toEqual([]);
  });
});
