/** Every control character but tab and line feed; of the escape sequences, those for colors may stay. */

const CONTROL = /\u001b(?!\[[\d;]*m)|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;

/** Text of a server or file for a terminal, which would obey the escape sequences in it. */
export const printable = (text: string): string => text.replace(CONTROL, '\u{fffd}');
