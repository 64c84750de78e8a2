/** What no shell takes for anything but itself. */
const PLAIN = /^[\w@%+=:,./-]+$/;

const quoted = (text: string): string => (PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);

/** A list is a flag that is given several times. */
type Flags = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * A line to be copied into a terminal; whatever its parts hold, the shell takes each for one word.
 *
 * @param command e.g. `create service`
 * @param operands names behind it
 * @param flags by their names on the command line; those that are undefined or empty are left out
 */
export function commandLine(command: string, operands: readonly string[], flags: Flags = {}): string {
  const given = Object.entries(flags).flatMap(([name, value = '']) =>
    [value].flat().flatMap((each) => (each === '' ? [] : [`${quoted(`--${name}`)}=${quoted(each)}`])),
  );
  return [`keptn ${command}`, ...operands.map(quoted), ...given].join(' ');
}

/** A line with its input, for a flag such as `--file=-`; whatever the text holds, it ends where it is over. */
export function withInput(line: string, text: string): string {
  let end = 'END';
  while (text.split(/\r?\n/).includes(end)) end += '_';
  return `${line} <<'${end}'\n${text.replace(/\n$/, '')}\n${end}`;
}
