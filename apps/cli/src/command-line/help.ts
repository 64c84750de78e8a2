import { exitCodes } from '../failures/exit-code';
import { type Command, type Example, type Group } from './command';

function formatExamples(examples: readonly Example[]): string {
  const lines = examples.map(({ command, says }) => `  # ${says}\n  ${command}`);
  return `\nExamples:\n${lines.join('\n\n')}`;
}

export const afterCommand = ({ examples }: Command): string => formatExamples(examples);

/** The first example of each command of the group. */
export function afterGroup({ words }: Group, commands: readonly Command[]): string {
  const within = commands.filter(
    (command) => !command.hidden && words.every((word, index) => command.words[index] === word),
  );
  return formatExamples(within.map(({ examples }) => examples[0]).filter((example) => example !== undefined));
}

export function afterProgram(): string {
  const codes = Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padEnd(4)} ${meaning}`);
  return [
    formatExamples(firstSteps),
    '\nEnvironment:',
    ...environment.map(({ name, says }) => `  ${name.padEnd(20)} ${says}`),
    '\nExit codes:',
    ...codes,
  ].join('\n');
}

const firstSteps: readonly Example[] = [
  { command: 'keptn auth --endpoint=https://keptn.example.com/api', says: 'Authenticate; the API token is asked for' },
  { command: 'keptn create project sockshop --shipyard=shipyard.yaml', says: 'Create a project' },
  { command: 'keptn get event --project=sockshop --watch', says: 'See what happens in it' },
  { command: 'keptn apply -f sockshop/', says: 'Make a project match a folder' },
  { command: 'keptn doctor', says: 'Find out why something does not work' },
];

export const environment = [
  { name: 'KEPTN_ENDPOINT', says: 'Endpoint to use instead of a stored context, together with KEPTN_API_TOKEN' },
  { name: 'KEPTN_API_TOKEN', says: 'API token for KEPTN_ENDPOINT' },
  { name: 'KEPTN_CONTEXT', says: 'Name of the stored context to use instead of the current one' },
  { name: 'KEPTN_CONFIG_DIR', says: 'Folder of the stored contexts; ~/.keptn unless set' },
  { name: 'KEPTN_GIT_TOKEN', says: 'Token of the upstream repository in create and update project' },
  { name: 'KEPTN_COMPAT', says: '0.7 to answer as the command of Keptn 0.7 does, see --compat' },
  {
    name: 'HTTPS_PROXY, NO_PROXY',
    says: 'Proxy to go through, except to this machine, and other hosts to reach without it; HTTP_PROXY for http',
  },
  { name: 'NODE_EXTRA_CA_CERTS', says: 'PEM file with further certificates to trust' },
  { name: 'NO_COLOR', says: 'No colors' },
] as const;
