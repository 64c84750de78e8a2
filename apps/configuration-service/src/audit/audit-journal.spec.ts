import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditEntry, type AuditResult } from '@keptn/api-models';
import { BadRequest, ServiceUnavailable } from '@keptn/service-kit';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AuditDestination, AuditJournal } from './audit-journal';

/** Milliseconds; a machine under load may need more than the second that is usual. */
const PATIENCE = { timeout: 20_000 };

const logger = pino({ level: 'silent' });
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const newEntry = (): AuditEntry => ({
  id: randomUUID(),
  time: '2026-01-31T10:15:30.123Z',
  actor: { kind: 'token', name: 'ci', id: 'ci' },
  service: 'configuration-service',
  action: 'PUT /v1/project/{project}/resource/{+path}',
  target: { project: 'sockshop', path: 'a.txt' },
  requestId: 'r',
  outcome: 'begun',
});

const done = ({ id }: AuditEntry): AuditResult => ({ id, outcome: 'done', status: 201 });

class Destination implements AuditDestination {
  readonly entries: AuditEntry[] = [];
  readonly results: AuditResult[] = [];
  /** Ids of entries that it refuses. */
  readonly refused = new Set<string>();

  constructor(public failure?: Error) {}

  record(entries: readonly AuditEntry[]): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (entries.some(({ id }) => this.refused.has(id))) return Promise.reject(new BadRequest('not an entry'));
    this.entries.push(...entries);
    return Promise.resolve();
  }

  complete(results: readonly AuditResult[]): Promise<void> {
    this.results.push(...results);
    return Promise.resolve();
  }
}

const away = (): Destination => new Destination(new ServiceUnavailable('api-service is away'));

describe('AuditJournal', () => {
  it('has an entry on disk before the change begins', async () => {
    const journal = new AuditJournal(folder, away(), logger);
    const entry = newEntry();
    await journal.begin(entry);
    const [file = ''] = await readdir(folder);
    expect(await readFile(join(folder, file), 'utf8')).toContain(entry.id);
    await journal.close();
  });

  it('sends an entry and its result as one, and keeps no file', async () => {
    const destination = new Destination();
    const journal = new AuditJournal(folder, destination, logger);
    const entries = [newEntry(), newEntry(), newEntry()];
    await Promise.all(entries.map((entry) => journal.begin(entry)));
    await Promise.all(entries.map((entry) => journal.end(done(entry))));
    await vi.waitFor(() => {
      expect(destination.entries).toHaveLength(3);
    }, PATIENCE);
    expect(destination.entries).toMatchObject(entries.map(({ id }) => ({ id, outcome: 'done', status: 201 })));
    await journal.close();
    expect(await readdir(folder)).toEqual([]);
    expect(destination.results).toEqual([]);
  });

  it('sends the result of a long change after its entry', async () => {
    const destination = new Destination();
    const journal = new AuditJournal(folder, destination, logger);
    const entry = newEntry();
    await journal.begin(entry);
    await vi.waitFor(() => {
      expect(destination.entries).toMatchObject([{ id: entry.id, outcome: 'begun' }]);
    }, PATIENCE);
    await journal.end(done(entry));
    await journal.close();
    expect(destination.results).toEqual([done(entry)]);
  });

  it('permits changes while the destination is away, and sends them after the next start', async () => {
    const before = new AuditJournal(folder, away(), logger);
    const [finished, interrupted] = [newEntry(), newEntry()];
    await Promise.all([before.begin(finished), before.begin(interrupted)]);
    await before.end(done(finished));
    await before.close();

    const destination = new Destination();
    const after = new AuditJournal(folder, destination, logger);
    await vi.waitFor(() => {
      expect(destination.entries).toHaveLength(2);
    }, PATIENCE);
    expect(destination.entries).toMatchObject([
      { id: finished.id, outcome: 'done' },
      { id: interrupted.id, outcome: 'begun' },
    ]);
    await after.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves out a line that a crash cut off: its change never began', async () => {
    const before = new AuditJournal(folder, away(), logger);
    const [whole, cut] = [newEntry(), newEntry()];
    await before.begin(whole);
    await before.begin(cut);
    await before.close();
    const [file = ''] = await readdir(folder);
    const path = join(folder, file);
    await truncate(path, (await readFile(path)).length - 10);

    const destination = new Destination();
    const after = new AuditJournal(folder, destination, logger);
    await vi.waitFor(() => {
      expect(destination.entries).toMatchObject([{ id: whole.id }]);
    }, PATIENCE);
    await after.close();
  });

  it('keeps the entry that the destination refuses, and only that', async () => {
    const destination = new Destination();
    const journal = new AuditJournal(folder, destination, logger);
    const [one, refused, another] = [newEntry(), newEntry(), newEntry()];
    destination.refused.add(refused.id);
    await Promise.all([one, refused, another].map((entry) => journal.begin(entry)));
    await journal.end(done(another));
    await journal.close();
    expect(destination.entries).toMatchObject([{ id: one.id }, { id: another.id, outcome: 'done' }]);
    const [kept = '', ...others] = await readdir(folder);
    expect([kept.endsWith('.refused'), others]).toEqual([true, []]);
    expect(await readFile(join(folder, kept), 'utf8')).toBe(`${JSON.stringify({ entry: refused })}\n`);
  });

  it('uses one file as long as what it holds is sent', async () => {
    const destination = new Destination();
    const journal = new AuditJournal(folder, destination, logger);
    const names = new Set<string>();
    for (let count = 1; count <= 3; count++) {
      const entry = newEntry();
      await journal.begin(entry);
      await journal.end(done(entry));
      await vi.waitFor(async () => {
        const [name = '', ...others] = await readdir(folder);
        names.add(name);
        expect([destination.entries.length, others]).toEqual([count, []]);
        expect(await readFile(join(folder, name), 'utf8')).toBe('');
      }, PATIENCE);
    }
    expect(names.size).toBe(1);
    await journal.close();
  });

  it('goes on when somebody has removed the file that it could not send', async () => {
    const before = new AuditJournal(folder, away(), logger);
    await before.begin(newEntry());
    await before.close();
    const destination = new Destination();
    const after = new AuditJournal(folder, destination, logger);
    for (const name of await readdir(folder)) await rm(join(folder, name));
    const entry = newEntry();
    await after.begin(entry);
    await vi.waitFor(() => {
      expect(destination.entries.map(({ id }) => id)).toContain(entry.id);
    }, PATIENCE);
    await after.close();
  });

  it('keeps a line that is damaged, and sends the others', async () => {
    const before = new AuditJournal(folder, away(), logger);
    const [damaged, whole] = [newEntry(), newEntry()];
    await before.begin(damaged);
    await before.begin(whole);
    await before.close();
    const [file = ''] = await readdir(folder);
    const text = await readFile(join(folder, file), 'utf8');
    await writeFile(join(folder, file), text.replace('{', '|'));

    const destination = new Destination();
    const after = new AuditJournal(folder, destination, logger);
    await vi.waitFor(() => {
      expect(destination.entries).toMatchObject([{ id: whole.id }]);
    }, PATIENCE);
    await after.close();
    const [kept = '', ...others] = await readdir(folder);
    expect([kept.endsWith('.damaged'), others]).toEqual([true, []]);
    expect(await readFile(join(folder, kept), 'utf8')).toContain(damaged.id);
  });

  describe('where the disk takes nothing', () => {
    const inFile = async (destination: Destination): Promise<AuditJournal> => {
      await writeFile(join(folder, 'file'), '');
      return new AuditJournal(join(folder, 'file', 'audit'), destination, logger);
    };

    it('gives entries and results to the destination before it answers', async () => {
      const destination = new Destination();
      const journal = await inFile(destination);
      const entry = newEntry();
      await journal.begin(entry);
      expect(destination.entries).toEqual([entry]);
      await journal.end(done(entry));
      expect(destination.results).toEqual([done(entry)]);
      await journal.close();
    });

    it('permits no change while the destination is away as well', async () => {
      const journal = await inFile(away());
      await expect(journal.begin(newEntry())).rejects.toThrow(ServiceUnavailable);
      await rm(join(folder, 'file'));
      await expect(journal.begin(newEntry())).resolves.toBeUndefined();
      await journal.close();
    });
  });
});
