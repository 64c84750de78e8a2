import { type Command, type Completion, type FlagSpec, longName } from '../../command-line/command';
import { type Session } from '../../command-line/session';
import { globalFlags } from '../../command-line/shared-flags';

/** What a shell is to complete by itself. */
export const FILES = ':files';
export const FOLDERS = ':folders';

interface Line {
  readonly command: Command | undefined;
  /** Words behind those of the command that are neither flags nor their values. */
  readonly operands: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  /** The flag whose value comes next. */
  readonly pending: FlagSpec | undefined;
}

/**
 * What can stand where the last word is.
 *
 * @param words of the command line without `keptn`; the last one is the one that is being typed, empty when it has not begun
 */
export async function candidates(
  words: readonly string[],
  commands: readonly Command[],
  session: Session,
): Promise<string[]> {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const line = readLine(before, commands);
  const { command, pending, operands } = line;
  const attached = /^(--[^=]+=)(.*)$/.exec(typed);
  const all =
    pending !== undefined
      ? await valuesOf(pending.choices ?? pending.completes, line, session)
      : attached !== null
        ? await attachedValues(attached[1] ?? '', line, session)
        : typed.startsWith('-')
          ? flagsOf(command)
              .filter(([, { hidden }]) => hidden !== true)
              .map(([key, spec]) => nameOf(key, spec))
          : [...nextWords(before, commands), ...(await operandsOf(command, operands, line, session))];
  return [...new Set(all)].filter((each) => each.startsWith(':') || each.startsWith(typed));
}

const nameOf = (key: string, spec: FlagSpec): string => `--${longName(key, spec)}`;

const flagsOf = (command: Command | undefined): [string, FlagSpec][] => [
  ...Object.entries(command?.flags ?? {}),
  ...Object.entries<FlagSpec>(globalFlags),
];

function readLine(words: readonly string[], commands: readonly Command[]): Line {
  const command = commands
    .filter((each) => each.words.every((word, index) => word === words[index] || isAlias(each, index, words[index])))
    .toSorted((one, other) => other.words.length - one.words.length)[0];
  const rest = words.slice(command?.words.length ?? words.length);
  const operands: string[] = [];
  const values = new Map<string, string>();
  let pending: [string, FlagSpec] | undefined;
  for (const word of rest) {
    if (pending !== undefined) {
      values.set(pending[0], word);
      pending = undefined;
    } else if (word.startsWith('-')) {
      const [name, value] = word.split(/=(.*)/s);
      const flag = flagsOf(command).find(
        ([key, spec]) => name === nameOf(key, spec) || name === `-${spec.short ?? ''}`,
      );
      if (flag?.[1].value !== undefined && value === undefined) {
        pending = flag;
      } else if (flag !== undefined && value !== undefined) {
        values.set(flag[0], value);
      }
    } else {
      operands.push(word);
    }
  }
  return { command, operands, values, pending: pending?.[1] };
}

const isAlias = ({ words, aliases }: Command, index: number, word: string | undefined): boolean =>
  index === words.length - 1 && word !== undefined && aliases.includes(word);

function nextWords(before: readonly string[], commands: readonly Command[]): string[] {
  return commands
    .filter(({ hidden, words }) => !hidden && before.every((word, index) => words[index] === word))
    .flatMap(({ words }) => words[before.length] ?? []);
}

async function operandsOf(
  command: Command | undefined,
  operands: readonly string[],
  line: Line,
  session: Session,
): Promise<readonly string[]> {
  const spec = Object.values(command?.arguments ?? {})[operands.length];
  return spec === undefined ? [] : valuesOf(spec.choices ?? spec.completes, line, session);
}

/** `--project=so` as one word: the values with what stands before them. */
async function attachedValues(prefix: string, line: Line, session: Session): Promise<string[]> {
  const spec = flagsOf(line.command).find(([key, each]) => `${nameOf(key, each)}=` === prefix)?.[1];
  const values = await valuesOf(spec?.choices ?? spec?.completes, line, session);
  return values.map((value) => (value.startsWith(':') ? value : `${prefix}${value}`));
}

async function valuesOf(
  what: Completion | readonly string[] | undefined,
  { values }: Line,
  session: Session,
): Promise<readonly string[]> {
  const project = values.get('project');
  switch (what) {
    case undefined:
      return [];
    case 'file':
      return [FILES];
    case 'folder':
      return [FOLDERS];
    case 'context':
      return Object.keys(session.contexts.read().contexts);
    case 'event-type': {
      const { KeptnEventType } = await import('../../models');
      return Object.values(KeptnEventType);
    }
    case 'project':
      return (await configurationOf(session)).projects().then((all) => all.map(({ projectName }) => projectName));
    case 'stage':
      return project === undefined
        ? []
        : (await configurationOf(session)).stages(project).then((all) => all.map(({ stageName }) => stageName));
    case 'service':
      return project === undefined ? [] : servicesOf(project, session);
    default:
      return what;
  }
}

const configurationOf = async (session: Session) => (await session.connect()).configuration;

async function servicesOf(project: string, session: Session): Promise<string[]> {
  const { stages } = await (await configurationOf(session)).project(project);
  return (stages ?? []).flatMap(({ services }) => (services ?? []).map(({ serviceName }) => serviceName));
}
