import { type Command, type FlagSpec, longName } from '../command-line/command';
import { environment } from '../command-line/help';
import { globalFlags } from '../command-line/shared-flags';
import { exitCodes } from '../failures/exit-code';

const NOTE = '<!-- Made by `npm run docs` from the tables of the commands; changes here are overwritten. -->';

/** The reference page: Markdown of every command, from the tables that the parser uses. */
export function referenceOf(commands: readonly Command[]): string {
  const shown = commands.filter(({ hidden }) => !hidden);
  return [
    '# The keptn command',
    NOTE,
    'It works with this control plane and with any other that has the API of Keptn 0.7. `keptn COMMAND --help` prints what ' +
      'is on this page. Scripts that parse the answers of the command of Keptn 0.7: see [Coming from Keptn 0.7](coming-from-keptn-0.7.md).',
    shown
      .map((command) => `- [\`keptn ${command.words.join(' ')}\`](#${anchorOf(command)}): ${command.summary}`)
      .join('\n'),
    '## Flags of every command',
    flagList(globalFlags),
    '## Environment',
    environment.map(({ name, says }) => `- \`${name}\`: ${says}`).join('\n'),
    '## Exit codes',
    Object.values(exitCodes)
      .map(({ code, meaning }) => `- \`${code}\`: ${meaning}`)
      .join('\n'),
    '## Commands',
    ...shown.map(sectionOf),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

/** As Markdown viewers make it of the heading. */
const anchorOf = ({ words }: Command): string => `keptn-${words.join('-').replaceAll('.', '')}`;

function sectionOf(command: Command): string {
  const { words, aliases, summary, details, flags, examples } = command;
  const names = Object.entries(command.arguments);
  const usage = names.map(([name, { optional }]) => (optional === true ? `[${name}]` : `<${name}>`));
  return [
    `### keptn ${words.join(' ')}`,
    `${summary}.${details === undefined ? '' : ` ${details}`}`,
    fenced([['keptn', ...words, ...usage, '[flags]'].join(' ')]),
    ...(aliases.length === 0 ? [] : [`Also: ${aliases.map((alias) => `\`${alias}\``).join(', ')}.`]),
    ...(names.length === 0 ? [] : [names.map(([name, spec]) => `- \`${name}\`: ${spec.summary}`).join('\n')]),
    ...(Object.keys(flags).length === 0 ? [] : [flagList(flags)]),
    fenced(examples.flatMap(({ command: line, says }) => [`# ${says}`, line])),
  ].join('\n\n');
}

const fenced = (lines: readonly string[]): string => ['```sh', ...lines, '```'].join('\n');

function flagList(flags: Readonly<Record<string, FlagSpec>>): string {
  return Object.entries(flags)
    .filter(([, { hidden }]) => hidden !== true)
    .map(([key, spec]) => {
      const { short, value, summary, required, choices } = spec;
      const names = `${short === undefined ? '' : `-${short}, `}--${longName(key, spec)}${value === undefined ? '' : ` <${value}>`}`;
      const notes = [
        ...(choices === undefined ? [] : [choices.join(', ')]),
        ...(required === true ? ['required'] : []),
      ];
      return `- \`${names}\`: ${summary}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
    })
    .join('\n');
}
