/** What the exit code of `keptn` means. They are part of the interface: docs/cli.md lists them from here. */
export const exitCodes = {
  ok: { code: 0, meaning: 'Done' },
  failed: { code: 1, meaning: 'Refused by the server, or another failure; see the message' },
  usage: { code: 2, meaning: 'The command line is wrong; nothing was sent' },
  notAuthenticated: { code: 3, meaning: 'No credentials, or the server does not accept them' },
  notFound: { code: 4, meaning: 'What was asked for does not exist' },
  conflict: { code: 5, meaning: 'It exists already, or it has been changed by someone else' },
  unreachable: { code: 6, meaning: 'The server cannot be reached, is not ready, or takes too long' },
  notPassed: { code: 7, meaning: 'The evaluation that was waited for did not pass' },
  warning: { code: 8, meaning: 'The evaluation that "keptn evaluate" waited for ended with a warning' },
  interrupted: { code: 130, meaning: 'Ended by Ctrl-C or SIGTERM' },
  brokenPipe: { code: 141, meaning: 'The reader of the output has gone' },
} as const;

export type ExitCode = keyof typeof exitCodes;
