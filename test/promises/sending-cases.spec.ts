import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiBase, newId, type ErrorCode, type SendRequest } from '#contracts';
import { installationFolder } from '#platform';
import { eventually, messagesOf, type Employee } from '#testing';
import { acked, SendingWorld, text } from './sending-world.js';
import { outcomeOf, Wire, type Outcome } from './wire.js';

/** Every case of sending; docs/walkthroughs/sending-a-message.md lists them by the same names. */
const names: string[] = [];
function a(name: string, test: () => Promise<void>): void {
  names.push(name);
  it(name, test);
}

let s: SendingWorld;
let [alice, bob, carol] = [] as unknown as [Employee, Employee, Employee];
let [here, there, bobs] = [] as unknown as [Wire, Wire, Wire];

beforeAll(async () => {
  s = await SendingWorld.start();
  [alice, bob, carol] = s.people;
  ({ here, there, bobs } = s.wires);
}, 60_000);
afterAll(() => s?.stop(), 30_000);

describe('a message', () => {
  a('sent for the first time', async () => {
    const chat = await s.group('first');
    const request = text('hello');
    const ack = acked(await here.send(chat, request));
    expect(ack).toMatchObject({ conversationId: chat, seq: 2 });
    await bob.device.reaches(chat, 2);
    expect(messagesOf(bob.device.log(chat))).toMatchObject([
      { messageId: ack.messageId, clientId: request.clientId, at: ack.committedAt },
    ]);
  });

  a('sent again before the commit', async () => {
    const chat = await s.group('before');
    const request = text('twice');
    const release = await s.hold(chat);
    const first = here.send(chat, request);
    await s.waits(1);
    const second = here.send(chat, request);
    await here.isHeard();
    await release();
    expect(acked(await second)).toEqual(acked(await first));
    expect(await here.read(chat)).toEqual(['twice']);
  });

  a('twice in one batch', async () => {
    const chat = await s.group('batch');
    const request = text('twice');
    const [first, second] = await s.inOneBatch(chat, () => [
      here.send(chat, request),
      here.send(chat, request),
    ]);
    expect(acked(second)).toEqual(acked(first));
    expect(await here.read(chat)).toEqual(['twice']);
  });

  a('sent again after the commit, when the acknowledgement was lost', async () => {
    const chat = await s.group('lost ack');
    const request = text('lost ack');
    const release = await s.hold(chat);
    const cut = await Wire.open(alice, s.world.all[0]!);
    void cut.send(chat, request);
    await s.waits(1);
    cut.close();
    await release();
    await eventually('it is committed', async () => (await here.read(chat)).length === 1);
    acked(await there.send(chat, request));
    expect(await here.read(chat)).toEqual(['lost ack']);
  });

  a('sent again after the acknowledgement', async () => {
    const chat = await s.group('after ack');
    const request = text('again');
    const ack = acked(await here.send(chat, request));
    for (const again of [here.send(chat, request), there.send(chat, request), here.post(chat, request)]) {
      expect(await again).toEqual(ack);
    }
  });

  a('sent again after a day', async () => {
    const chat = await s.group('day');
    const request = text('yesterday');
    const { committedAt, ...ack } = acked(await here.send(chat, request));
    // No process remembers what was sent yesterday: the stored key alone answers, and it is a day old.
    await s.query(`update messaging.send_key set at = at - interval '1 day' where client_id = $1`, [
      request.clientId,
    ]);
    const yesterday = new Date(Date.parse(committedAt) - 86_400_000).toISOString();
    expect(await there.send(chat, request)).toEqual({ ...ack, committedAt: yesterday });
    expect(await here.read(chat)).toEqual(['yesterday']);
  });

  a('sent again with its fields in another order', async () => {
    const chat = await s.group('fields');
    const clientId = newId();
    const ack = acked(await here.send(chat, { clientId, body: { type: 'text', text: 'same' } }));
    const turned = { body: { text: 'same', type: 'text' as const }, clientId };
    expect(await there.post(chat.toUpperCase(), turned)).toEqual(ack);
  });

  a('sent again after its sender left and came back', async () => {
    const chat = await s.group('back');
    const request = text('I was here');
    const ack = await bobs.send(chat, request);
    await s.remove(bob, chat, bob.id);
    await s.add(chat, bob.id);
    expect(await bobs.send(chat, request)).toEqual(ack);
    expect(await here.read(chat)).toEqual(['I was here']);
  });

  const ends: [string, (chat: string) => Promise<unknown>, ErrorCode][] = [
    ['its sender left', (chat) => s.remove(bob, chat, bob.id), 'conversation.not_a_member'],
    ['its sender was removed', (chat) => s.remove(alice, chat, bob.id), 'conversation.not_a_member'],
    ['the group was dissolved', (chat) => s.dissolve(chat), 'conversation.dissolved'],
  ];
  for (const [what, end, refusal] of ends) {
    a(`sent again after ${what}`, async () => {
      const chat = await s.group('over');
      const request = text('last words');
      const ack = await bobs.send(chat, request);
      await end(chat);
      expect(await bobs.send(chat, request)).toEqual(ack);
      expect(await bobs.send(chat, text('too late'))).toBe(refusal);
    });
  }

  a('with a used id and other words', async () => {
    const chat = await s.group('words');
    const request = text('first words');
    acked(await here.send(chat, request));
    const other = { ...request, body: { type: 'text' as const, text: 'other words' } };
    expect(await there.send(chat, other)).toBe('client_id_reused');
    expect(await s.inOneBatch(chat, () => [here.send(chat, other)])).toEqual(['client_id_reused']);
    expect(await here.read(chat)).toEqual(['first words']);
  });

  a('with the same id and other words in one batch', async () => {
    const chat = await s.group('words at once');
    const request = text('first words');
    const other = { ...request, body: { type: 'text' as const, text: 'other words' } };
    const [first, second] = await s.inOneBatch(chat, () => [
      here.send(chat, request),
      here.send(chat, other),
    ]);
    acked(first);
    expect(second).toBe('client_id_reused');
  });

  a('with a used id to another conversation', async () => {
    const [chat, other] = [await s.group('one'), await s.group('other')];
    const request = text('where?');
    acked(await here.send(chat, request));
    expect(await there.send(other, request)).toBe('client_id_reused');
    expect(await here.read(other)).toEqual([]);
  });

  a('with the id of another act', async () => {
    const chat = await s.group('acts');
    const clientId = newId();
    const params = { conversationId: chat };
    await alice.client.call('changeConversation', { params, body: { clientId, name: 'renamed' } });
    expect(await here.send(chat, text('not a name', { clientId }))).toBe('client_id_reused');
  });

  a('with the id that somebody else used', async () => {
    const chat = await s.group('two people');
    const request = text('mine');
    const mine = acked(await here.send(chat, request));
    const theirs = acked(await bobs.send(chat, request));
    expect(theirs.messageId).not.toBe(mine.messageId);
    expect(await here.read(chat)).toEqual(['mine', 'mine']);
  });

  a('with the same id to two conversations at once', async () => {
    const [chat, other] = [await s.group('one'), await s.group('other')];
    const request = text('either');
    const release = await s.hold(chat, other);
    const blockers = [here.send(chat, text('before')), there.send(other, text('before'))];
    await s.waits(2);
    // The collision takes their whole batches with it at first; these innocent ones are in them.
    const innocent = [here.send(chat, text('innocent')), there.send(other, text('innocent'))];
    const sends = [here.send(chat, request), there.send(other, request)];
    await Promise.all([here.isHeard(), there.isHeard()]);
    await release();
    (await Promise.all([...blockers, ...innocent])).forEach(acked);
    expect((await Promise.all(sends)).filter((one) => one === 'client_id_reused')).toHaveLength(1);
    const said = [...(await here.read(chat)), ...(await here.read(other))];
    expect(said.filter((words) => words === 'either')).toHaveLength(1);
    expect(said.filter((words) => words === 'innocent')).toHaveLength(2);
  });

  const doors: [string, (chat: string, request: SendRequest) => Promise<Outcome>][] = [
    ['over two processes', (chat, request) => there.send(chat, request)],
    ['over HTTP and a socket', (chat, request) => there.post(chat, request)],
  ];
  for (const [where, other] of doors) {
    a(`${where} at once`, async () => {
      const chat = await s.group('doors');
      const request = text('once');
      const sends = [() => here.send(chat, request), () => other(chat, request)];
      const [first, second] = await s.meeting(chat, sends);
      expect(acked(second)).toEqual(acked(first));
      expect(await here.read(chat)).toEqual(['once']);
    });
  }

  a('racing with the removal of its sender', async () => {
    for (let round = 0; round < 6; round += 1) {
      const chat = await s.group('race');
      const removing = () => s.remove(alice, chat, bob.id).then(() => 'removed');
      const sending = () => bobs.send(chat, text('in or out'));
      const racing = round % 2 === 0 ? [removing, sending] : [sending, removing];
      const outcome = (await s.meeting<Outcome>(chat, racing)).find((one) => one !== 'removed')!;
      const { events } = await alice.client.call('events', { params: { conversationId: chat } });
      const types = events.map(({ type }) => type).slice(1);
      if (outcome === 'conversation.not_a_member') expect(types).toEqual(['conversation.members']);
      else expect(types).toEqual(['message.created', 'conversation.members']);
    }
  });

  a('a copy of which races with the removal of its sender', async () => {
    const chat = await s.group('copy race');
    const request = text('sent long ago');
    const ack = await bobs.send(chat, request);
    const removing = () => s.remove(alice, chat, bob.id).then(() => 'removed');
    const racing = [removing, () => bobs.send(chat, request)];
    expect(await s.meeting<Outcome>(chat, racing)).toEqual(['removed', ack]);
  });

  a('sent before its sender joins, and again after', async () => {
    const chat = await alice.createsGroup('early', [carol]);
    const request = text('may I come in?');
    expect(await bobs.send(chat, request)).toBe('conversation.not_a_member');
    await s.add(chat, bob.id);
    acked(await bobs.send(chat, request));
  });

  a('that was refused, sent again with the same id in a form that is accepted', async () => {
    const chat = await s.group('refused');
    const clientId = newId();
    expect(await here.send(chat, text('文'.repeat(5462), { clientId }))).toBe('message.too_long');
    expect(await here.send(chat, text(' \n', { clientId }))).toBe('message.empty');
    acked(await here.send(chat, text('shorter', { clientId })));
  });

  a('while its sender is over the rate limit', async () => {
    const chat = await s.group('flood');
    const request = text('first');
    const ack = await here.send(chat, request);
    const too = await Wire.open(alice, s.world.all[0]!);
    const flood = Array.from({ length: 240 }, (_, i) => (i % 2 ? here : too).send(chat, text(`flood ${i}`)));
    const repeat = here.send(chat, request);
    const outcomes = await Promise.all(flood);
    expect(outcomes).toContain('rate.limited');
    expect(await repeat).toEqual(ack);
    too.close();
    const accepted = outcomes.filter((outcome) => typeof outcome !== 'string');
    const { events } = await alice.client.call('events', { params: { conversationId: chat } });
    expect(messagesOf(events)).toHaveLength(accepted.length + 1);
  });

  a('while the queue of its sender is full', async () => {
    const chat = await s.group('queue');
    const request = text('first');
    const ack = await bobs.send(chat, request);
    const release = await s.hold(chat);
    const blocker = bobs.send(chat, text('blocker'));
    await s.waits(1);
    const flood = Array.from({ length: 66 }, (_, i) => bobs.send(chat, text(`flood ${i}`)));
    const repeat = bobs.send(chat, request);
    const other = here.send(chat, text('of somebody else'));
    await Promise.all([bobs.isHeard(), here.isHeard()]);
    await release();
    acked(await blocker);
    const outcomes = await Promise.all(flood);
    expect(outcomes.slice(0, 64).every((outcome) => typeof outcome !== 'string')).toBe(true);
    expect(outcomes.slice(64)).toEqual(['rate.limited', 'rate.limited']);
    acked(await other);
    expect(await repeat).toEqual(ack);
  });

  a('beside one that cannot be stored', async () => {
    const chat = await s.group('poison');
    const poison = text('poison');
    await s.query(
      `create function pg_temp_poison() returns trigger language plpgsql as
         'begin if new.client_id = ''${poison.clientId}'' then raise exception ''poison''; end if; return new; end'`,
    );
    await s.query(
      `create trigger poison before insert on messaging.send_key for each row execute function pg_temp_poison()`,
    );
    try {
      const [before, bad, after] = await s.inOneBatch(chat, () => [
        here.send(chat, text('before')),
        here.send(chat, poison),
        here.send(chat, text('after')),
      ]);
      expect(bad).toBe('internal');
      expect([acked(before).seq, acked(after).seq]).toEqual([2, 3]);
    } finally {
      await s.query('drop trigger poison on messaging.send_key');
    }
    expect(acked(await here.send(chat, poison)).seq).toBe(4);
  });

  a('as a reply to one that is gone from its sight', async () => {
    const chat = await s.group('reply');
    const { messageId: replyTo } = acked(await here.send(chat, text('question')));
    const answer = text('answer', { replyTo });
    const ack = await bobs.send(chat, answer);
    await s.remove(bob, chat, bob.id);
    await s.add(chat, bob.id);
    // What was said before the second stay does not exist for Bob any more, but he did answer.
    expect(await bobs.send(chat, answer)).toEqual(ack);
    expect(await bobs.send(chat, text('another answer', { replyTo }))).toBe('message.not_found');
    expect(await here.send(await s.group('elsewhere'), text('reply', { replyTo }))).toBe('message.not_found');
    expect(await here.send(chat, text('reply', { replyTo: newId() }))).toBe('message.not_found');
  });

  a('with a file that is not finished', async () => {
    const chat = await s.group('unfinished');
    const headers = {
      authorization: `Bearer ${await alice.client.session.token()}`,
      'tus-resumable': '1.0.0',
    };
    const begun = await fetch(`${s.world.address}${apiBase}/files`, {
      method: 'POST',
      headers: { ...headers, 'upload-length': '4', 'upload-metadata': `filename ${btoa('a.txt')}` },
    });
    const address = new URL(begun.headers.get('location')!, s.world.address);
    const fileId = address.pathname.split('/').at(-1)!;
    const request = { clientId: newId(), body: { type: 'file' as const, fileId } };
    expect(await here.send(chat, request)).toBe('file.not_ready');
    const content = { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
    expect((await fetch(address, { method: 'PATCH', headers: content, body: 'done' })).status).toBe(204);
    acked(await here.send(chat, request));
  });

  a('with a file of somebody else, in one batch with its owner', async () => {
    const chat = await s.group('files');
    const fileId = await alice.client.upload(Buffer.from('mine'), { name: 'mine.txt' });
    const request = () => ({ clientId: newId(), body: { type: 'file' as const, fileId } });
    const [theirs, mine, theirsToo] = await s.inOneBatch(chat, () => [
      bobs.send(chat, request()),
      here.send(chat, request()),
      bobs.send(chat, request()),
    ]);
    acked(mine);
    expect([theirs, theirsToo]).toEqual(['file.not_found', 'file.not_found']);
  });

  a('whose session ends before the acknowledgement, sent again after signing in elsewhere', async () => {
    const chat = await s.group('session');
    const request = text('signed out');
    const device = await bob.signsIn();
    const release = await s.hold(chat);
    const params = { conversationId: chat };
    const lost = outcomeOf(device.client.call('sendMessage', { params, body: request }));
    await s.waits(1);
    await device.client.call('logout', {});
    await release();
    await lost;
    const ack = await (await bob.signsIn()).client.call('sendMessage', { params, body: request });
    expect(await bobs.send(chat, request)).toEqual(ack);
    expect(await here.read(chat)).toEqual(['signed out']);
  });

  a('whose process is killed before the commit', async () => {
    const chat = await s.group('killed');
    const request = text('survives');
    const release = await s.hold(chat);
    const victim = await Wire.open(alice, s.world.all[1]!);
    void victim.send(chat, request);
    await s.waits(1);
    await s.world.all[1]!.end('SIGKILL');
    await release();
    victim.close();
    acked(await here.send(chat, request));
    expect(await here.read(chat)).toEqual(['survives']);
    await s.world.all[1]!.start();
  });

  it('has every case that the walkthrough lists, and no other', async () => {
    const document = await readFile(
      join(installationFolder, 'docs/walkthroughs/sending-a-message.md'),
      'utf8',
    );
    const section = document.split('## The cases\n')[1]!;
    const listed = [...section.matchAll(/^\| (?!case |-)([^|]+?) +\|/gm)].map(([, name]) => name!);
    expect(listed).toEqual(names);
  });
});
