import { defineCommand } from '../../command-line/command';
import { secondsOf } from '../../input/duration';

const STANDARD_OVERLAP = '1h';

export const rotateToken = defineCommand({
  words: ['rotate', 'token'],
  summary: 'Replace a token by a new one that permits the same',
  details: 'Both count during the overlap, so that its user can change over without a gap.',
  arguments: { name: { summary: 'Name of the token' } },
  flags: {
    overlap: { value: 'duration', summary: `How long the token before counts; ${STANDARD_OVERLAP} unless given` },
  },
  examples: [{ command: 'keptn rotate token ci-sockshop --overlap=10m', says: 'Ten minutes to change over' }],
  run: async ({ name, overlap = STANDARD_OVERLAP }, session) => {
    const seconds = secondsOf(overlap);
    const { access } = await session.connect();
    const { token, ...rotated } = await access.rotateToken(name, seconds);
    session.output.say(`Token ${name} rotated; the one before counts until ${rotated.previousValidUntil}`);
    await session.output.show({
      value: { ...rotated, token },
      names: [`token/${name}`],
      human: `The new token, which is not shown again: ${token}`,
    });
  },
});
