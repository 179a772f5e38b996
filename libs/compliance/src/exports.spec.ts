import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Http, RefusedError, Session, type Answer, type Call, type CallName } from '#client';
import { ErrorAnswer, newId, type AdministratorRole, type Approval, type Export } from '#contracts';
import { eventually, World, type Account, type Employee } from '#testing';

const minute = 60_000;
const time = (fromNow: number) => new Date(Date.now() + fromNow).toISOString();

/** One line of an export, as far as these tests read it. */
interface Line {
  seq: number;
  type: string;
  body?: { text: string };
  conversation: { id: string; name: string };
  actor: { displayName: string } | null;
}

interface Manifest {
  files: { name: string; size: number; sha256: string }[];
  conversations: { id: string; firstSeq: number; lastSeq: number; events: number }[];
  counts: { conversations: number; events: number };
}

/** An administrator at the HTTP door. */
class Administrator {
  private constructor(
    private readonly http: Http,
    private readonly session: Session,
  ) {}

  static async of(world: World, role: AdministratorRole): Promise<Administrator> {
    const drawn = await readFile(join(world.data, 'first-administrators.json'), 'utf8').catch(() => '[]');
    const accounts = [...(JSON.parse(drawn) as Account[]), ...(await world.accounts())];
    const http = new Http(world.address);
    const session = new Session(http, { platform: 'node' }, () => {});
    const account = accounts.find((one) => one.role === role)!;
    await session.signIn({ ...account, deviceName: 'test' });
    return new Administrator(http, session);
  }

  call<N extends CallName>(name: N, parts: Call<N>): Promise<Answer<N>> {
    return this.http.call(name, parts);
  }

  asks(people: Employee[], request: Partial<Call<'askExport'>['body']> = {}): Promise<Export> {
    const personIds = people.map(({ id }) => id);
    const standard = { clientId: newId(), from: time(-60 * minute), to: time(minute), reason: 'case 17' };
    return this.call('askExport', { body: { personIds, ...standard, ...request } });
  }

  decides({ approvalId }: Export, approve: boolean): Promise<Approval> {
    return this.call('decide', { params: { approvalId }, body: { clientId: newId(), approve } });
  }

  sees({ id }: Export): Promise<Export> {
    return this.call('export', { params: { exportId: id } });
  }

  waitsFor(asked: Export): Promise<Export> {
    return eventually('the export is made', async () => {
      const seen = await this.sees(asked);
      return (seen.state === 'done' || seen.state === 'failed') && seen;
    });
  }

  async downloads({ id }: Export, name: string): Promise<Buffer> {
    const address = this.http.address(`/audit/exports/${id}/files/${encodeURIComponent(name)}`);
    const headers = { authorization: `Bearer ${await this.session.token()}` };
    const response = await fetch(address, { headers });
    if (!response.ok) throw RefusedError.from(ErrorAnswer.parse(await response.json()).error);
    return Buffer.from(await response.arrayBuffer());
  }

  /** What an export says, once its files are what its manifest says they are. */
  async reads(one: Export): Promise<{ manifest: Manifest; lines: Line[] }> {
    const manifest = JSON.parse((await this.downloads(one, 'manifest.json')).toString('utf8')) as Manifest;
    const lines: Line[] = [];
    for (const { name, size, sha256 } of manifest.files) {
      const bytes = await this.downloads(one, name);
      expect(bytes.length).toBe(size);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      const texts = bytes.toString('utf8').trimEnd().split('\n');
      lines.push(...texts.map((text) => JSON.parse(text) as Line));
    }
    return { manifest, lines };
  }
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    (error: RefusedError) => error.code,
  );
const textsOf = (lines: Line[]) => lines.flatMap(({ body }) => (body ? [body.text] : []));

describe('an export', () => {
  let world: World;
  let auditor: Administrator;
  let approver: Administrator;
  let alice: Employee;
  let bob: Employee;
  let carol: Employee;

  beforeAll(async () => {
    // Several processes: the one that takes the request and hands out the files holds no key of what people write.
    world = await World.start();
    [alice, bob, carol] = (await world.signIn(3)) as [Employee, Employee, Employee];
    auditor = await Administrator.of(world, 'audit-admin');
    approver = await Administrator.of(world, 'security-admin');
  }, 60_000);
  afterAll(() => world?.stop(), 30_000);

  const made = async (people: Employee[], request: Partial<Call<'askExport'>['body']> = {}) => {
    const asked = await auditor.asks(people, request);
    await approver.decides(asked, true);
    return auditor.waitsFor(asked);
  };

  it('holds what was said, by whom and where, once somebody else approves', async () => {
    const chat = await alice.opensDirect(bob);
    await alice.sends(chat, '第一行\n"第二行" 😀');
    await bob.sends(chat, 'answer');
    const done = await made([alice]);
    expect(done).toMatchObject({ state: 'done', failure: null });
    const { manifest, lines } = await auditor.reads(done);
    const ofChat = lines.filter(({ conversation }) => conversation.id === chat);
    expect(ofChat.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(textsOf(ofChat)).toEqual(['第一行\n"第二行" 😀', 'answer']);
    expect(ofChat[2]!.actor?.displayName).toBe(bob.account.displayName);
    expect(ofChat[0]!.conversation.name).toContain(alice.account.displayName);
    expect(manifest.conversations.find(({ id }) => id === chat)).toMatchObject({
      firstSeq: 1,
      lastSeq: 3,
      events: 3,
    });
    expect(manifest.counts.events).toBe(lines.length);
    expect(done.eventCount).toBe(lines.length);
  });

  it('holds of a group what the person saw: from joining to leaving', async () => {
    const group = await alice.createsGroup('joins late', [carol]);
    await alice.sends(group, 'before');
    await alice.client.call('addMembers', {
      params: { conversationId: group },
      body: { clientId: newId(), memberIds: [bob.id] },
    });
    await alice.sends(group, 'during');
    await alice.client.call('removeMember', { params: { conversationId: group, personId: bob.id } });
    await alice.sends(group, 'after');
    const { lines } = await auditor.reads(await made([bob]));
    const ofGroup = lines.filter(({ conversation }) => conversation.id === group);
    expect(textsOf(ofGroup)).toEqual(['during']);
    expect(ofGroup.map(({ type }) => type)).toEqual([
      'conversation.members',
      'message.created',
      'conversation.members',
    ]);
  });

  it('holds nothing outside the asked time', async () => {
    const chat = await bob.opensDirect(carol);
    const { committedAt } = await bob.sends(chat, 'too early');
    const from = new Date(Date.parse(committedAt) + 1).toISOString();
    await eventually('time goes on', () => Date.now() > Date.parse(from));
    const within = await bob.sends(chat, 'in time');
    const to = new Date(Date.parse(within.committedAt) + 1).toISOString();
    await eventually('time goes on', () => Date.now() > Date.parse(to));
    await bob.sends(chat, 'too late');
    const { lines } = await auditor.reads(await made([carol], { from, to }));
    expect(textsOf(lines)).toEqual(['in time']);
  });

  it('has the same lines when the same is asked again', async () => {
    const request = { from: time(-60 * minute), to: time(0) };
    const [one, two] = [await made([alice, bob], request), await made([alice, bob], request)];
    const digest = ({ files }: Export) => files.filter(({ name }) => name !== 'manifest.json');
    expect(digest(two)).toEqual(digest(one));
  });

  it('is not given before it is approved, nor to anybody but the auditor', async () => {
    const asked = await auditor.asks([alice]);
    expect(await refusal(auditor.downloads(asked, 'manifest.json'))).toBe('export.not_ready');
    expect(await refusal(auditor.decides(asked, true))).toBe('access.forbidden');
    await approver.decides(asked, true);
    const done = await auditor.waitsFor(asked);
    expect(await refusal(approver.downloads(done, 'manifest.json'))).toBe('access.forbidden');
    expect(await refusal(auditor.downloads(done, '../../secrets'))).toBe('export.not_found');
    expect(await refusal(auditor.downloads(done, 'nothing.jsonl'))).toBe('export.not_found');
  });

  it('is never made when it is refused', async () => {
    const asked = await auditor.asks([alice]);
    await approver.decides(asked, false);
    expect(await auditor.sees(asked)).toMatchObject({ state: 'refused', files: [] });
    expect(await refusal(approver.decides(asked, true))).toBe('approval.decided');
  });

  it('is asked once however often the request is sent', async () => {
    const request = { clientId: newId(), from: time(-minute), to: time(0), reason: 'asked once' };
    const answers = await Promise.all([1, 2, 3].map(() => auditor.asks([bob], request)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await refusal(auditor.asks([carol], request))).toBe('client_id_reused');
  });

  it('names people who exist, and a time that ends after its beginning', async () => {
    const nobody = { personIds: [newId()] };
    expect(await refusal(auditor.asks([], nobody))).toBe('person.not_found');
    expect(await refusal(auditor.asks([alice], { from: time(0), to: time(-1) }))).toBe('request.malformed');
  });

  it('shows the approver whom and how much it concerns', async () => {
    const chat = await alice.opensDirect(carol);
    await alice.sends(chat, 'counted');
    const asked = await auditor.asks([alice]);
    const { items } = await approver.call('approvals', { query: { state: 'asked' } });
    const { subject } = items.find(({ id }) => id === asked.approvalId)!;
    expect(subject).toMatchObject({ people: [{ id: alice.id, displayName: alice.account.displayName }] });
    await approver.decides(asked, true);
    const { conversationCount, eventCount } = await auditor.waitsFor(asked);
    expect(subject).toMatchObject({ conversations: conversationCount, events: eventCount });
    const used = await approver.call('approvals', { query: { state: 'used' } });
    expect(used.items.find(({ id }) => id === asked.approvalId)).toMatchObject({
      mayDecide: false,
      askedByRole: 'audit-admin',
      decidedByRole: 'security-admin',
    });
  });

  it('stands in the trail with each of its steps', async () => {
    const done = await made([alice]);
    await auditor.downloads(done, 'manifest.json');
    const { items } = await auditor.call('trail', { query: { limit: 50 } });
    const steps = items.filter(({ objectId }) => objectId === done.id || objectId === done.approvalId);
    expect(steps.map(({ action, role }) => [action, role]).toReversed()).toEqual([
      ['export.asked', 'audit-admin'],
      ['approval.approved', 'security-admin'],
      ['export.made', null],
      ['export.downloaded', 'audit-admin'],
    ]);
    expect(JSON.stringify(steps)).not.toContain('第一行');
  });

  it('is made in the end when every process dies after the approval', async () => {
    const asked = await auditor.asks([alice, bob, carol]);
    await approver.decides(asked, true);
    await world.killAndRestart();
    const done = await auditor.waitsFor(asked);
    expect(done.state).toBe('done');
    const { manifest, lines } = await auditor.reads(done);
    expect(manifest.counts.events).toBe(lines.length);
  }, 60_000);
});
