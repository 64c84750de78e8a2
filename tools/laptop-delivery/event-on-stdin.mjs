import process from 'node:process';

/** @returns {Promise<{ data: Record<string, any> }>} the event that a command is run for */
export async function eventOnStdin() {
  return JSON.parse((await process.stdin.setEncoding('utf8').toArray()).join(''));
}
