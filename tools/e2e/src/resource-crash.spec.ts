import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

const CRASH = join(import.meta.dirname, '../../bench/crash.mjs');

/** Three starts, and checks of every commit after each, in milliseconds. */
const TIMEOUT_MS = 120_000;

describe('after kill -9 of configuration-service under load', () => {
  it('every acknowledged write is there once, and the next start needs no help', { timeout: TIMEOUT_MS }, async () => {
    const trial = spawn(process.execPath, [CRASH, '--seconds', '2', '--rounds', '3'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [output, complaints] = await Promise.all([text(trial.stdout), text(trial.stderr)]);
    expect(complaints).toBe('');
    expect(output).toContain('no violation');
  });
});
