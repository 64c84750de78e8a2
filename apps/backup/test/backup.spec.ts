import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { GitStore } from '@keptn/git-store';
import { Long, MongoClient } from 'mongodb';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { ProjectsNotSaved } from '../src/backup.errors';
import { restore, type Restored } from '../src/restore';
import { save } from '../src/save';
import { type BackupSettings } from '../src/settings';

const identity = { name: 'keptn', email: 'keptn@keptn.com' };
let installations = 0;

/** A data folder and a database. */
class Installation {
  private constructor(
    readonly settings: BackupSettings,
    private readonly client: MongoClient,
  ) {}

  static async make(): Promise<Installation> {
    const KEPTN_DATA_DIR = await mkdtemp(join(tmpdir(), 'keptn-installation-'));
    const MONGODB_URI = `${inject('mongodbUri')}/backup-${process.pid}-${++installations}`;
    return new Installation({ KEPTN_DATA_DIR, MONGODB_URI }, await MongoClient.connect(MONGODB_URI));
  }

  get events() {
    return this.client.db().collection('events');
  }

  collection(name: string) {
    return this.client.db().collection<{ _id: string | number; text?: string }>(name);
  }

  openStore(): Promise<GitStore> {
    return GitStore.open({ folder: join(this.settings.KEPTN_DATA_DIR, 'repositories'), identity });
  }

  async createProject(name: string, content: Buffer): Promise<void> {
    const store = await this.openStore();
    const changes = [{ path: 'shipyard.yaml', content }];
    await store.createRepository(name, {
      branches: [
        { branch: 'master', changes, message: 'first' },
        { branch: 'dev', from: 'master' },
      ],
    });
    await store.close();
  }

  async readResource(name: string, branch: string): Promise<Buffer> {
    const store = await this.openStore();
    try {
      return (await store.repository(name).readFile({ branch, path: 'shipyard.yaml' })).content;
    } finally {
      await store.close();
    }
  }

  async save(): Promise<Buffer> {
    const target = new PassThrough();
    const [archive] = await Promise.all([buffer(target), save(this.settings, target)]);
    return archive;
  }

  restore(archive: Buffer, replace = false): Promise<Restored> {
    return restore(this.settings, Readable.from([archive]), { replace });
  }

  /** Of the repository of a project. */
  folderOf(name: string): string {
    return join(this.settings.KEPTN_DATA_DIR, 'repositories', `${name}.git`);
  }

  async remove(): Promise<void> {
    await this.client.db().dropDatabase();
    await this.client.close();
    await rm(this.settings.KEPTN_DATA_DIR, { recursive: true, force: true });
  }
}

describe('a backup', () => {
  let old: Installation;
  let fresh: Installation;
  const shipyard = Buffer.from([0, 255, 10, 13, 65]);
  const event = {
    _id: 'e1' as never,
    sequence: Long.fromString('9007199254740993'),
    text: '{"n":1.0}',
    at: new Date(5),
  };

  beforeEach(async () => {
    old = await Installation.make();
    fresh = await Installation.make();
    await old.createProject('sockshop', shipyard);
    await old.events.insertOne(event);
  });

  afterEach(async () => {
    await old.remove();
    await fresh.remove();
  });

  const rawEvents = (installation: Installation) => installation.events.find<Buffer>({}, { raw: true }).toArray();

  it('brings back every byte of resources and every field of events', async () => {
    await fresh.restore(await old.save());
    expect(await fresh.readResource('sockshop', 'dev')).toEqual(shipyard);
    expect(await rawEvents(fresh)).toEqual(await rawEvents(old));
  });

  it('brings back more than is written at once, by number and by size', async () => {
    const large = 'x'.repeat(5 * 2 ** 20);
    await old.events.insertMany(Array.from({ length: 600 }, (_, number) => ({ number })));
    await old.events.insertMany(Array.from({ length: 3 }, (_, number) => ({ number, large })));
    await fresh.restore(await old.save());
    const [before, after] = [Buffer.concat(await rawEvents(old)), Buffer.concat(await rawEvents(fresh))];
    expect(after.equals(before)).toBe(true);
  });

  it('is taken while the repositories are in use', async () => {
    const store = await old.openStore();
    await fresh.restore(await old.save());
    await store.close();
    expect(await fresh.readResource('sockshop', 'master')).toEqual(shipyard);
  });

  it('is taken while events come in and are read: no reader is beyond the events in it', async () => {
    let last = 0;
    const storeAndRead = async (): Promise<void> => {
      last++;
      await old.collection('counters').updateOne({ _id: 'events' }, { $set: { value: last } }, { upsert: true });
      await old.collection('events').insertOne({ _id: last });
      await old.collection('runs').updateOne({ _id: 'r' }, { $set: { last } }, { upsert: true });
      await old.collection('logCursors').updateOne({ _id: 'r' }, { $set: { position: last } }, { upsert: true });
    };
    await storeAndRead();
    await old
      .collection('events')
      .insertMany(Array.from({ length: 5_000 }, (_, n) => ({ _id: `earlier ${n}`, text: 'x'.repeat(500) })));
    const progress = { isSaving: true };
    const saved = old.save().finally(() => {
      progress.isSaving = false;
    });
    while (progress.isSaving) await storeAndRead();
    await fresh.restore(await saved);
    const [reader, run, counter] = await Promise.all(
      ['logCursors', 'runs', 'counters'].map((name) => fresh.collection(name).findOne<Record<string, number>>({})),
    );
    const position = reader?.['position'] ?? Infinity;
    expect(run?.['last']).toBeGreaterThanOrEqual(position);
    expect(counter?.['value']).toBeGreaterThanOrEqual(position);
    expect(await fresh.collection('events').countDocuments({ _id: position })).toBe(1);
  });

  it('has all projects but one that is damaged, and says which', async () => {
    await old.createProject('broken', Buffer.from('x'));
    await rm(join(old.folderOf('broken'), 'objects'), { recursive: true });
    const target = new PassThrough();
    const [archive, saved] = await Promise.allSettled([buffer(target), save(old.settings, target)]);
    expect(saved).toMatchObject({ status: 'rejected', reason: expect.any(ProjectsNotSaved) });
    expect(saved).toMatchObject({ reason: { message: expect.stringContaining('\n  broken: ') } });
    await fresh.restore((archive as PromiseFulfilledResult<Buffer>).value);
    expect(await fresh.readResource('sockshop', 'dev')).toEqual(shipyard);
  });

  it('goes without a project that is deleted while it is taken', async () => {
    // Saved first, and larger than what waits for a reader.
    await old.createProject('large', randomBytes(5 * 2 ** 20));
    const target = new PassThrough();
    const saved = save(old.settings, target);
    const taken: Buffer[] = [];
    for await (const chunk of target.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      taken.push(chunk);
      if (chunk.includes('repositories/large.bundle')) break;
    }
    await rm(old.folderOf('sockshop'), { recursive: true });
    const [rest, content] = await Promise.all([buffer(target), saved]);
    expect(content.repositories.map(({ name }) => name)).toEqual(['large']);
    await fresh.restore(Buffer.concat([...taken, rest]));
  });

  it('says which tokens count again when it is restored', async () => {
    const tokens = (installation: Installation) => installation.collection('tokens');
    const token = (name: string, end?: Date) => ({ _id: name, name, secrets: [], ...(end && { expiresAt: end }) });
    await tokens(old).insertMany([token('pipeline'), token('dashboard'), token('ended', new Date(0))]);
    expect(await fresh.restore(await old.save())).toMatchObject({ tokens: ['dashboard', 'pipeline'] });
  });

  it('does not replace what is there unless it is told to', async () => {
    const archive = await old.save();
    await fresh.createProject('other', Buffer.from('x'));
    await expect(fresh.restore(archive)).rejects.toThrow('there are 1 projects and no events here already');
    expect(await fresh.readResource('other', 'master')).toEqual(Buffer.from('x'));
    await fresh.restore(archive, true);
    await expect(fresh.readResource('other', 'master')).rejects.toThrow();
    expect(await fresh.readResource('sockshop', 'master')).toEqual(shipyard);
  });

  it('is not restored while configuration-service runs', async () => {
    const archive = await old.save();
    const store = await fresh.openStore();
    await expect(fresh.restore(archive)).rejects.toThrow('stop the services first');
    await store.close();
  });

  it('is refused when it names files outside of it', async () => {
    const archive = pack();
    const content = {
      version: 1,
      createdAt: '',
      repositories: [],
      files: ['credentials/../../x.json'],
      collections: [],
    };
    archive.entry({ name: 'content.json' }, JSON.stringify(content));
    archive.finalize();
    await expect(fresh.restore(await buffer(archive))).rejects.toThrow('no complete backup');
  });

  it.each([
    ['nothing', () => Buffer.alloc(0)],
    ['a part', (archive: Buffer) => archive.subarray(0, archive.length / 2)],
    ['something else', () => Buffer.from('no archive')],
  ])('changes nothing when %s of it arrives', async (_what, damage) => {
    const archive = await old.save();
    await expect(fresh.restore(damage(archive))).rejects.toThrow('no complete backup');
    expect(await rawEvents(fresh)).toEqual([]);
  });
});
