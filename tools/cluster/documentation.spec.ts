import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { Documentation, fencedBlocks } from './documentation.mjs';
import { Terminal } from './terminal.mjs';

const operate = join(fileURLToPath(import.meta.url), '../../../docs/operate');

describe.each(readdirSync(operate))('docs/operate/%s', (file) => {
  const blocks = fencedBlocks(readFileSync(join(operate, file), 'utf8'));

  it('has blocks of commands, which a trial in a cluster can run, that bash understands, and says what others are', () => {
    for (const { language, text } of blocks) {
      expect(['sh', 'yaml', 'json', 'mermaid']).toContain(language);
      if (language !== 'sh') continue;
      const { stderr, status } = spawnSync('bash', ['-n', '-c', text], { encoding: 'utf8' });
      expect({ text, stderr, status }).toEqual({ text, stderr: '', status: 0 });
    }
  });
});

describe('the commands of a document', () => {
  const folder = mkdtempSync(join(tmpdir(), 'documentation-'));
  const terminal = new Terminal();

  afterAll(() => {
    terminal.close();
    rmSync(folder, { recursive: true });
  });

  it('are run as in one terminal, and those that were not are named', async () => {
    writeFileSync(
      join(folder, 'greeting.md'),
      '```sh\nexport WHO=you\n```\n\n1. Then:\n\n   ```sh\n   echo hello $WHO\n   ```\n\n```sh\necho bye\n```\n',
    );
    const documentation = new Documentation(folder, terminal, (commands) => commands.replace('hello', 'good morning'));
    expect(await documentation.run('greeting', 1, 2)).toBe('good morning you\n');
    expect(documentation.unexecuted()).toEqual(['greeting.md, block 3']);
    await expect(documentation.run('greeting', 4)).rejects.toThrow('greeting.md has no block 4');
    await documentation.run('greeting');
    expect(documentation.unexecuted()).toEqual([]);
  });
});
