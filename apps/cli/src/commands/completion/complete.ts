import { type Command, defineCommand } from '../../command-line/command';
import { candidates } from './candidates';

/** @param commands all there are; a function, because this command is one of them */
export const completeOf = (commands: () => readonly Command[]): Command =>
  defineCommand({
    words: ['complete'],
    hidden: true,
    summary: 'Answer the completion scripts of shells',
    arguments: { words: { summary: 'The words that were typed so far', rest: true } },
    examples: [{ command: 'keptn complete -- get pro', says: 'What can follow' }],
    run: async ({ words }, session) => {
      const found = await candidates(words, commands(), session);
      if (found.length > 0) {
        session.output.raw(Buffer.from(`${found.join('\n')}\n`));
      }
    },
  });
