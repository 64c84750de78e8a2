import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { base64, expectStatus, failure, shipyardOf, StartedService } from './started-service';

/** A file system of its own, which needs the right to mount one. */
function mount(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'keptn-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmdirSync(folder);
    return undefined;
  }
}

const disk = mount();
/** Takes all space that is left. */
async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w');
  for (const size of [65_536, 1]) {
    try {
      for (;;) {
        await handle.write(Buffer.alloc(size));
      }
    } catch {
      // Full.
    }
  }
  await handle.close();
}

describe.runIf(disk !== undefined)('a full disk (where this user may mount one)', () => {
  const folder = disk ?? '';
  const filler = join(folder, 'filler');
  const path = '/v1/project/p/stage/dev/resource/a.yaml';
  let service: StartedService;

  beforeAll(async () => {
    service = await StartedService.start({ KEPTN_DATA_DIR: folder });
    await service.project('p', ['dev']);
  });
  afterAll(async () => {
    await service.stop();
    execFileSync('umount', ['--lazy', folder]);
    rmdirSync(folder);
  });

  const write = (content: string) => service.put(path, { resourceURI: 'a.yaml', resourceContent: base64(content) });

  it('makes every write a 507 that says so, leaves reads alone, and is over when there is space', async () => {
    await expectStatus(201, write('kept'));
    await fill(filler);
    const project = { projectName: 'q', shipyard: shipyardOf(['dev']) };
    const writes = [
      () => write('x'.repeat(9_000)),
      () => service.post('/v1/project/p/stage', { stageName: 'next' }),
      () => service.post('/v1/project/p/service', { serviceName: 'carts' }),
      () => service.post('/v1/project', project),
    ];
    for (const each of writes) {
      const answer = await each();
      expect(answer).toMatchObject(failure(507, expect.stringContaining('No space left on the disk')));
      expect(JSON.stringify(answer.body)).not.toContain(folder);
    }
    expect((await service.get(path)).body).toMatchObject({ resourceContent: base64('kept') });
    expect((await service.get('/v1/project/q')).status).toBe(404);
    await unlink(filler);
    for (const each of writes) {
      expect((await each()).status).toBeLessThan(300);
    }
  });
});
