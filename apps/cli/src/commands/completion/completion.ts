import { defineCommand } from '../../command-line/command';
import { type Shell, scripts } from './scripts';

export const completion = defineCommand({
  words: ['completion'],
  summary: 'Print the completion script of a shell: bash, zsh or fish',
  arguments: { shell: { summary: 'bash, zsh or fish', choices: ['bash', 'zsh', 'fish'] } },
  examples: [
    { command: 'source <(keptn completion bash)', says: 'In ~/.bashrc' },
    { command: 'source <(keptn completion zsh)', says: 'In ~/.zshrc, behind compinit' },
    { command: 'keptn completion fish > ~/.config/fish/completions/keptn.fish', says: 'Once, for fish' },
  ],
  run: ({ shell }, session) => {
    session.output.raw(Buffer.from(scripts[shell as Shell]));
  },
});
