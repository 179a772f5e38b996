import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DirectorySourceSettings } from '#contracts';
import { readSettings } from '#platform';
import { freePort, ScriptedDirectory, scriptedAccount, scriptedBase } from '#testing';
import { sourceOfSettings } from '../sources/settings-source.js';
import { tryDirectory } from '../sources/try-directory.js';
import { Connections, Unreachable } from './connection.js';

const patience = { connectMs: 300, answerMs: 2000 };

describe('a connection to a directory', () => {
  const directory = new ScriptedDirectory();
  let silent: Server;
  let silentPort: number;
  let closedPort: number;
  const heard: Buffer[] = [];
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    await directory.start();
    directory.person('alice', directory.department('office'));
    silent = createServer((socket) => {
      sockets.add(socket);
      socket.on('data', (data) => heard.push(data)).on('error', () => {});
    });
    silentPort = await freePort();
    await new Promise<void>((resolve) => silent.listen(silentPort, '127.0.0.1', () => resolve()));
    closedPort = await freePort();
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    silent.close();
    await directory.end();
  });

  const settings = (changes: Partial<DirectorySourceSettings> = {}): DirectorySourceSettings => ({
    ...sourceOfSettings(
      readSettings({
        LDAP_URL: `ldap://127.0.0.1:${directory.port}`,
        LDAP_BIND_DN: scriptedAccount.dn,
        LDAP_BIND_PASSWORD: scriptedAccount.password,
        LDAP_BASE_DN: scriptedBase,
      }),
    )!.settings,
    ...changes,
  });
  const host = (port: number) => ({ host: '127.0.0.1', port });
  const bind = (connections: Connections) =>
    connections.as(scriptedAccount.dn, scriptedAccount.password, () => Promise.resolve('bound'));
  const faults = async (changes: Partial<DirectorySourceSettings>, password = scriptedAccount.password) =>
    (await tryDirectory(settings(changes), password, patience)).map(({ step, fault }) => `${step} ${fault}`);

  it('goes to the next server when one is closed, and stays there', async () => {
    const connections = new Connections(
      settings({ hosts: [host(closedPort), host(directory.port)] }),
      patience,
    );
    expect(await bind(connections)).toBe('bound');
    expect(await bind(connections)).toBe('bound');
  });

  it('is given up with every server named when none answers', async () => {
    const connections = new Connections(settings({ hosts: [host(closedPort)] }), patience);
    await expect(bind(connections)).rejects.toThrow(`127.0.0.1:${closedPort}`);
  });

  it.each(['ldaps', 'starttls'] as const)(
    'never says a password where %s does not come about',
    async (security) => {
      heard.length = 0;
      const connections = new Connections(settings({ security, hosts: [host(silentPort)] }), patience);
      await expect(bind(connections)).rejects.toThrow(Unreachable);
      expect(Buffer.concat(heard).includes(scriptedAccount.password)).toBe(false);
    },
  );

  it('goes past a server that takes connections and says nothing, and asks the other one from then on', async () => {
    const connections = new Connections(
      settings({ hosts: [host(silentPort), host(directory.port)] }),
      patience,
    );
    const began = Date.now();
    expect(await bind(connections)).toBe('bound');
    expect(Date.now() - began).toBeLessThan(patience.connectMs + 1000);
    sockets.clear();
    await Promise.all(Array.from({ length: 20 }, () => bind(connections)));
    expect(sockets.size).toBe(0);
    connections.close();
  });

  it('does not ask a second server about a password that the first one refused', async () => {
    const second = new ScriptedDirectory();
    await second.start();
    const connections = new Connections(
      settings({ hosts: [host(directory.port), host(second.port)] }),
      patience,
    );
    await expect(connections.as(scriptedAccount.dn, 'wrong', () => Promise.resolve())).rejects.toMatchObject({
      code: 49,
    });
    expect(second.binds).toBe(0);
    await second.end();
  });

  it('waits for a silent server once, and then leaves it alone', async () => {
    const reach = { ...settings(), security: 'starttls' as const };
    const connections = new Connections({ ...reach, hosts: [host(silentPort), host(closedPort)] }, patience);
    await expect(bind(connections)).rejects.toThrow(Unreachable);
  });

  it('is never made again in the clear after it was lost', async () => {
    const connections = new Connections(settings(), patience);
    const lost = connections.as(scriptedAccount.dn, scriptedAccount.password, async (client) => {
      await client.unbind();
      await client.bind(scriptedAccount.dn, scriptedAccount.password);
    });
    await expect(lost).rejects.toThrow('The connection to the directory was lost.');
  });

  it('is tried step by step, and says what is wrong', async () => {
    expect(await faults({})).toEqual(['connect null', 'bind null', 'people null', 'departments null']);
    expect(await faults({}, 'wrong')).toEqual([
      'connect null',
      'bind credentials',
      'people null',
      'departments null',
    ]);
    expect(await faults({ hosts: [host(closedPort)] })).toContain('connect unreachable');
    expect(await faults({ security: 'ldaps', hosts: [host(silentPort)] })).toContain('connect timeout');
    expect(await faults({ security: 'starttls' })).toContain('connect starttls_refused');
    expect(await faults({ peopleFilter: '(uid=nobody)' })).toContain('people nobody_found');
    expect(await faults({ attributes: { ...settings().attributes, username: 'mail' } })).toContain(
      'people username_missing',
    );
    expect(await faults({ kind: 'active-directory' })).toContain('people identity_missing');
  });
});
