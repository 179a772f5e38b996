import { describe, expect, it } from '@jest/globals';
import type { ConversationEvent } from '#contracts';
import { judge } from './checker.js';
import { seen, type DeviceRecord, type Entry, type History } from './history.js';

const chat = 'chat';
const at = (seq: number) => new Date(seq * 1000).toISOString();

const created: ConversationEvent = {
  id: 'event-1',
  seq: 1,
  at: at(1),
  type: 'conversation.created',
  kind: 'group',
  name: 'group',
  memberIds: ['alice', 'bob'],
  actorId: 'alice',
  actorKind: 'person',
};

const message = (seq: number, more: Partial<ConversationEvent> = {}) =>
  ({
    id: `event-${seq}`,
    seq,
    at: at(seq),
    type: 'message.created',
    messageId: `event-${seq}`,
    clientId: `client-${seq}`,
    actorId: 'alice',
    actorKind: 'person',
    body: { type: 'text', text: `text ${seq}` },
    ...more,
  }) as ConversationEvent;

const members = (seq: number, joined: string[], left: string[]): ConversationEvent => ({
  id: `event-${seq}`,
  seq,
  at: at(seq),
  type: 'conversation.members',
  joined,
  left,
  actorId: 'alice',
  actorKind: 'person',
});

const log = [created, message(2), message(3), message(4)];

const device = (personId: string, kind: 'sdk' | 'raw', tape: Entry[]): DeviceRecord => ({
  name: `${personId}-${kind}`,
  personId,
  kind,
  sends: [],
  answers: [],
  tape,
  timelines: kind === 'sdk' ? [{ conversationId: chat, start: 0, cursor: 4, events: log.map(seen) }] : [],
});

const push = (from: number, to: number, position?: string, of = log): Entry => ({
  what: 'push',
  conversationId: chat,
  prevSeq: from - 1,
  events: of.slice(from - 1, to).map(seen),
  isPolled: false,
  position,
});

const kept = (cursor: number): Entry => ({ what: 'kept', conversationId: chat, cursor });
const applied = (from: number, to: number): Entry => ({
  what: 'applied',
  conversationId: chat,
  events: log.slice(from - 1, to).map(seen),
});

/** Alice has sent three messages, each acknowledged; Bob listens, with the SDK and with a bare socket. */
function told(): History & { alice: DeviceRecord; bob: DeviceRecord; bare: DeviceRecord } {
  const alice = device('alice', 'sdk', [{ what: 'opened' }, { what: 'connecting' }, kept(4), applied(1, 4)]);
  for (const seq of [2, 3, 4]) {
    const clientId = `client-${seq}`;
    alice.sends.push({ clientId, conversationId: chat, text: `text ${seq}`, at: 0, isKept: true });
    alice.answers.push({
      clientId,
      ack: { conversationId: chat, messageId: `event-${seq}`, seq },
      via: 'http',
    });
  }
  const heard: Entry[] = [push(1, 2, 'p1'), kept(2), applied(1, 2), { what: 'position', position: 'p1' }];
  const rest: Entry[] = [push(3, 4, 'p2'), kept(4), applied(3, 4), { what: 'position', position: 'p2' }];
  const bob = device('bob', 'sdk', [{ what: 'opened' }, { what: 'connecting' }, ...heard, ...rest]);
  const bare = device('bob', 'raw', [{ what: 'connecting' }, push(1, 2), push(3, 4)]);
  const logs = ['alice', 'bob'].map((personId) => ({
    personId,
    conversationId: chat,
    floorSeq: 0,
    headSeq: 4,
    events: [...log],
  }));
  return { devices: [alice, bob, bare], logs, alice, bob, bare };
}

const rulesBroken = (history: History) => [...new Set(judge(history).map(({ rule }) => rule))];

/** Everybody reads another log than was told. */
function reads(history: History, events: ConversationEvent[]): History {
  for (const read of history.logs) Object.assign(read, { events, headSeq: events.at(-1)!.seq });
  return history;
}

describe('the checker', () => {
  it('finds nothing where everything is as it should be', () => {
    expect(judge(told())).toEqual([]);
  });

  it('tells an acknowledged message that is not stored', () => {
    expect(rulesBroken(reads(told(), log.slice(0, 3)))).toContain('acknowledged and not stored');
  });

  it('tells an acknowledged message whose place another one took', () => {
    const other = message(4, { id: 'other', messageId: 'other', clientId: 'other' });
    expect(rulesBroken(reads(told(), [...log.slice(0, 3), other]))).toEqual(
      expect.arrayContaining(['acknowledged and not stored', 'somebody saw what the log denies']),
    );
  });

  it('tells a message that is stored twice', () => {
    const again = message(5, { clientId: 'client-4', body: { type: 'text', text: 'text 4' } });
    expect(rulesBroken(reads(told(), [...log, again]))).toContain('something is stored twice');
  });

  it('tells a hole in the log', () => {
    expect(rulesBroken(reads(told(), [created, message(2), message(4)]))).toContain('the log has a hole');
  });

  it('tells time that goes back along the log', () => {
    const early = message(4, { at: at(1) });
    expect(rulesBroken(reads(told(), [...log.slice(0, 3), early]))).toContain('time goes back along the log');
  });

  it('tells members who read different logs', () => {
    const history = told();
    history.logs[1]!.events[2] = message(3, { body: { type: 'text', text: 'other words' } });
    expect(rulesBroken(history)).toEqual(['members read different logs']);
  });

  it('tells what was stored though nobody sent it, or refused though it is stored', () => {
    const unsent = told();
    unsent.alice.sends.pop();
    expect(rulesBroken(unsent)).toEqual(['stored is not what was sent']);
    const refused = told();
    refused.alice.answers.pop();
    refused.alice.answers.push({
      clientId: 'client-4',
      refusal: 'message.empty',
      isLasting: true,
      via: 'http',
    });
    expect(rulesBroken(refused)).toEqual(['refused and stored all the same']);
  });

  it('tells a message that was never answered', () => {
    const history = told();
    history.alice.answers.pop();
    expect(rulesBroken(history)).toEqual(['never answered']);
  });

  it('tells messages that stand in another order than they were written', () => {
    const history = told();
    history.alice.sends.reverse();
    expect(rulesBroken(history)).toEqual(['not in the order of writing']);
  });

  it('tells pushes that skip something, come twice, or end too early', () => {
    const skipping = told();
    skipping.bare.tape = [{ what: 'connecting' }, push(1, 2), push(4, 4)];
    expect(rulesBroken(skipping)).toEqual(['pushes skip something']);
    const twice = told();
    twice.bare.tape.push(push(4, 4));
    expect(rulesBroken(twice)).toEqual(['something was pushed twice']);
    const early = told();
    early.bare.tape.pop();
    expect(rulesBroken(early)).toEqual(['the end was not pushed']);
  });

  it('allows a slow socket to pull what it was not pushed', () => {
    const history = told();
    const changed: Entry = { what: 'changed', conversationId: chat, headSeq: 3 };
    history.bare.tape = [{ what: 'connecting' }, push(1, 2), changed, push(4, 4)];
    expect(judge(history)).toEqual([]);
  });

  it('tells a position that was stored past something that was not', () => {
    const history = told();
    history.bob.tape = [
      { what: 'opened' },
      { what: 'connecting' },
      push(1, 2, 'p1'),
      { what: 'position', position: 'p1' },
      kept(4),
      applied(1, 4),
    ];
    expect(rulesBroken(history)).toEqual(['a position was stored past something that was not']);
  });

  it('tells what is shown twice, past a hole, or to somebody who was not there', () => {
    const twice = told();
    twice.bob.tape.push(applied(4, 4));
    expect(rulesBroken(twice)).toEqual(['shown twice']);
    const hole = told();
    hole.bob.tape = [{ what: 'opened' }, applied(1, 2), applied(4, 4)];
    expect(rulesBroken(hole)).toEqual(['shown past a hole']);
    const left = [created, message(2), members(3, [], ['bob']), message(4)];
    const stranger = reads(told(), left);
    expect(rulesBroken(stranger)).toContain('somebody saw what is not theirs');
  });

  it('tells a timeline that is not the log, and a conversation that a device does not know', () => {
    const short = told();
    short.bob.timelines[0]!.cursor = 3;
    expect(rulesBroken(short)).toEqual(['a timeline is not the log']);
    const none = told();
    none.bob.timelines = [];
    expect(rulesBroken(none)).toEqual(['a timeline is not the log']);
  });

  it('lets whoever left and came back see what lies within their stays, and nothing between', () => {
    const events = [created, members(2, [], ['bob']), message(3), members(4, ['bob'], [])];
    const history = reads(told(), events);
    Object.assign(history.logs[1]!, { floorSeq: 3, events: events.slice(3) });
    const [alice, , bare] = history.devices as [DeviceRecord, DeviceRecord, DeviceRecord];
    Object.assign(alice, { sends: alice.sends.slice(1, 2), answers: alice.answers.slice(1, 2), tape: [] });
    alice.timelines[0]!.events = events.map(seen);
    bare.tape = [{ what: 'connecting' }, push(1, 2, undefined, events), push(4, 4, undefined, events)];
    history.devices = [alice, bare];
    expect(judge(history)).toEqual([]);
    bare.tape = [{ what: 'connecting' }, push(1, 4, undefined, events)];
    expect(rulesBroken(history)).toEqual(['somebody saw what is not theirs']);
  });

  it('lets whoever left and came back while they were away begin where they came back', () => {
    const events = [created, message(2), members(3, [], ['bob']), members(4, ['bob'], []), message(5)];
    const history = reads(told(), events);
    Object.assign(history.logs[1]!, { floorSeq: 3, events: events.slice(3) });
    const [alice, bob] = history.devices as [DeviceRecord, DeviceRecord];
    const sends = [2, 5].map((seq) => ({
      ...{ clientId: `client-${seq}`, conversationId: chat, text: `text ${seq}`, at: 0, isKept: false },
    }));
    Object.assign(alice, { sends, answers: [], tape: [] });
    for (const { timelines } of [alice, bob])
      Object.assign(timelines[0]!, { cursor: 5, events: events.map(seen) });
    const shown = (...seqs: number[]): Entry => ({
      what: 'applied',
      conversationId: chat,
      events: seqs.map((seq) => seen(events[seq - 1]!)),
    });
    bob.tape = [{ what: 'opened' }, shown(1), shown(4, 5)];
    history.devices = [alice, bob];
    expect(judge(history)).toEqual([]);
    bob.tape = [{ what: 'opened' }, shown(1), shown(5)];
    expect(rulesBroken(history)).toEqual(['shown past a hole']);
  });
});
