import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Chances } from './random.mjs';
import { Round } from './round.mjs';
import { playRounds } from './rounds.mjs';
import { StoreSubject } from './store-subject.mjs';

/** Two or three starts of a process a round, in milliseconds. */
const TIMEOUT_MS = 180_000;

const SEED = 1;
/** Of each sort of fault one that needs no rights. */
const KINDS = /^(events: kill|events: byte of log|git: quota|git: byte of a (loose|pack))/;
const ROUNDS = 5;

describe('what was acknowledged', () => {
  it(`is there, or the system says what is damaged (seed ${SEED})`, { timeout: TIMEOUT_MS }, async () => {
    const { rows, problems } = await playRounds({ rounds: ROUNDS, seed: SEED, kinds: KINDS });
    expect(problems).toEqual([]);
    expect(Object.values(rows).map(({ whole, said }) => whole + said)).toEqual(Array.from({ length: ROUNDS }, () => 1));
    for (const { acknowledged } of Object.values(rows)) expect(acknowledged).toBeGreaterThan(0);
  });
});

describe('a round', () => {
  it('notices what is gone without a word', { timeout: TIMEOUT_MS }, async () => {
    const round = new Round((folder) => StoreSubject.start('events', folder), new Chances(SEED));
    const loseAll = async (): Promise<string> => {
      const subject = await round.start();
      await round.write(subject, 1);
      await subject.end('SIGKILL');
      rmSync(round.folder, { recursive: true });
      return 'removed';
    };
    expect(await round.play(loseAll, { damages: true })).toMatchObject({ outcome: 'SILENT LOSS' });
  });
});
