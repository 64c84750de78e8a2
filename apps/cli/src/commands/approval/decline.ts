import { defineCommand } from '../../command-line/command';
import { decide, decisionArguments, decisionFlags } from './decide';

export const decline = defineCommand({
  words: ['decline'],
  summary: 'Refuse a release that waits for an approval',
  details: 'An approval is decided once: if somebody was faster, the command says who, and ends with an error.',
  arguments: decisionArguments,
  flags: decisionFlags,
  examples: [
    {
      command: 'keptn decline 6de83495-4f83-481c-8dbe-fcceb2e0243b',
      says: 'A certain one; "keptn get approvals" lists them',
    },
    { command: 'keptn decline --project=sockshop --stage=production --service=carts', says: 'The only open one' },
  ],
  run: (input, session) => decide('failed', input, session),
});
