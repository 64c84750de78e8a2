import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUpstreamAddress } from './upstream-address';
import { InvalidUpstream } from './upstream.errors';

describe('the address of an upstream', () => {
  it.each([
    ['https://git.example/group/project.git', 'http', 'https://git.example', undefined],
    ['http://gitea:3000/keptn/sockshop', 'http', 'http://gitea:3000', undefined],
    ['https://me@git.example/p.git', 'http', 'https://git.example', 'me'],
    ['ssh://git@git.example:2222/p.git', 'ssh', 'ssh://git.example:2222', 'git'],
    ['git@git.example:group/p.git', 'ssh', 'ssh://git.example', 'git'],
  ])('may be %s', (text, transport, origin, user) => {
    const address = parseUpstreamAddress(text);
    expect(address).toMatchObject({ transport, origin });
    expect(address.user).toBe(user);
  });

  it('loses the user of HTTP, which comes with the credentials', () => {
    expect(parseUpstreamAddress('https://me@git.example/p.git').url).toBe('https://git.example/p.git');
  });

  it.each([
    '',
    'ext::sh -c id',
    'ext::sh%20-c%20id',
    'file:///etc',
    '/etc/passwd',
    '../other.git',
    '--upload-pack=id',
    'git://git.example/p.git',
    'ftp://git.example/p.git',
    'https://user:secret@git.example/p.git',
    'https://git.example/p.git?a=b',
    'https://git.example/',
    'ssh://-oProxyCommand=id/p.git',
    'ssh://git@-oProxyCommand=id/p.git',
    '-oProxyCommand=id@host:p.git',
    'git@-host:p.git',
    'git@host:-p.git',
    'ssh://git@host/--upload-pack=x',
    'https://git.example/a b',
    'https://git.example/p.git\nhost=evil',
  ])('is never %j', (text) => {
    expect(() => parseUpstreamAddress(text)).toThrow(InvalidUpstream);
  });

  it('is refused without repeating a password in it', () => {
    expect(() => parseUpstreamAddress('https://user:hunter2@git.example/p.git')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    );
  });

  it('holds no password, option or other transport, whatever the text is', () => {
    const text = fc.oneof(
      fc.string(),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.tuple(fc.constantFrom('ssh://', 'https://', 'git@', 'ext::', ''), fc.string()).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (candidate) => {
        try {
          const { url } = parseUpstreamAddress(candidate);
          expect(url).toMatch(
            /^(https?:\/\/[^@/]+\/|ssh:\/\/([^@:/-][^@:/]*@)?[^-@/][^@/]*\/|[^@:/-][^@:/]*@[^-@:/][^@:/]*:[^-])/,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidUpstream);
        }
      }),
      { numRuns: 500 },
    );
  });
});
