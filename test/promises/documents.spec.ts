import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api, apiBase, clientEvents, errorKinds, serverEvents } from '#contracts';
import { World } from '#testing';

type Node = Record<string, unknown>;

let world: World;
let openapi: Node;
let asyncapi: Node;

beforeAll(async () => {
  world = await World.start();
  const get = async (path: string) => (await (await fetch(world.address + apiBase + path)).json()) as Node;
  [openapi, asyncapi] = await Promise.all([get('/openapi.json'), get('/asyncapi.json')]);
}, 60_000);
afterAll(() => world?.stop(), 30_000);

/** Every schema below a node, with the way to it. */
function* nodes(node: unknown, path = ''): Generator<[string, Node]> {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) yield [path, node as Node];
  for (const [key, value] of Object.entries(node)) yield* nodes(value, `${path}/${key}`);
}

/** Fields without a description, of their own or of what they refer to. */
function undescribed(document: Node): string[] {
  const missing: string[] = [];
  for (const [path, node] of nodes(document)) {
    if (typeof node['properties'] !== 'object' || path.endsWith('/properties')) continue;
    for (const [name, field] of Object.entries(node['properties'] as Record<string, Node>)) {
      if (!isDescribed(field)) missing.push(`${path}: ${name}`);
    }
  }
  return missing;
}

const isDescribed = (field: Node): boolean =>
  typeof field['description'] === 'string' ||
  '$ref' in field ||
  ['anyOf', 'oneOf', 'allOf'].some((key) => (field[key] as Node[] | undefined)?.some(isDescribed));

describe('the documents of the API', () => {
  it('hold every call of the contract, with its callers, summary and refusals', () => {
    const operations = Object.values(openapi['paths'] as Record<string, Record<string, Node>>).flatMap(
      (path) => Object.values(path),
    );
    expect(operations.map((operation) => String(operation['operationId'])).toSorted()).toEqual(
      Object.keys(api).toSorted(),
    );
    for (const operation of operations) {
      expect(operation).toMatchObject({
        summary: expect.stringMatching(/\w{3}/),
        description: expect.any(String),
      });
      const { responses } = operation as { responses: Record<string, Node> };
      for (const answer of Object.values(responses))
        expect(answer['description']).toEqual(expect.any(String));
    }
  });

  it('describe every field', () => {
    expect(undescribed(openapi)).toEqual([]);
    expect(undescribed(asyncapi)).toEqual([]);
  });

  it('name every code of refusal', () => {
    const text = JSON.stringify(openapi);
    for (const code of Object.keys(errorKinds)) expect(text).toContain(`"${code}"`);
  });

  it('hold every event of the socket in both directions', () => {
    const text = JSON.stringify(asyncapi);
    for (const name of [...Object.keys(clientEvents), ...Object.keys(serverEvents)])
      expect(text).toContain(`"${name}"`);
  });

  it('lead nowhere outside: every reference is resolved within the document', () => {
    for (const document of [openapi, asyncapi]) {
      for (const [path, node] of nodes(document)) {
        const reference = node['$ref'];
        if (typeof reference !== 'string') continue;
        expect([path, reference]).toEqual([path, expect.stringMatching(/^#\//)]);
        const target = reference
          .slice(2)
          .split('/')
          .reduce<unknown>(
            (at, key) => (at as Node | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')],
            document,
          );
        expect([path, reference, typeof target]).toEqual([path, reference, 'object']);
      }
    }
  });

  it('can be read as a page that asks nobody else', async () => {
    const page = await (await fetch(`${world.address}${apiBase}/reference`)).text();
    expect(page).toContain('sendMessage');
    expect(page).not.toMatch(/(?:src|href)="https?:/);
  });
});
