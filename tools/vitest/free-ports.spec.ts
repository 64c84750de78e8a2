import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';
import { findFreePorts } from './free-ports.mjs';

const MODULE = join(import.meta.dirname, 'free-ports.mjs');
const ASKED = 20;
/** Another process that finds ports and keeps them until its input ends. */
const FINDS = `
  import { findFreePorts } from ${JSON.stringify(MODULE)};
  console.log(JSON.stringify(await Promise.all(Array.from({ length: ${ASKED} }, () => findFreePorts(15)))));
  process.stdin.resume();
`;

it('gives no port twice, whoever asks, although nobody listens yet', async () => {
  const other = spawn(process.execPath, ['--input-type=module', '--eval', FINDS], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(other, 'exit');
  const [own, [line]] = await Promise.all([
    Promise.all(Array.from({ length: ASKED }, () => findFreePorts(15))),
    once(other.stdout, 'data'),
  ]);
  const others = JSON.parse(String(line)) as number[];
  const ports = [...own, ...others].flatMap((first) => Array.from({ length: 15 }, (_, index) => first + index));
  expect(new Set(ports).size).toBe(2 * ASKED * 15);
  other.stdin.end();
  await ended;
});

it('says how many it keeps together', async () => {
  await expect(findFreePorts(16)).rejects.toThrow('at most 15');
});
