import { describe, expect, it } from 'vitest';
import { fewFiles } from './open-files-limit';
import { warnOfUnread } from './unread-variables';

const READ = new Set(['KEPTN_PORT', 'TRUSTED_NETWORK', 'RETENTION_MAX_AGE', 'PORT', 'HOST']);

describe('a variable that nothing reads', () => {
  it.each([
    ['KEPTN_COLOUR', 'KEPTN_COLOUR is read by nothing'],
    ['TRUSTED_NETWORKS', 'TRUSTED_NETWORKS is read by nothing: TRUSTED_NETWORK is'],
    ['TRUSTED_NETWROK', 'TRUSTED_NETWROK is read by nothing: TRUSTED_NETWORK is'],
    ['RETENTION_MAXAGE', 'RETENTION_MAXAGE is read by nothing: RETENTION_MAX_AGE is'],
    ['KEPTN_PORTS', 'KEPTN_PORTS is read by nothing: KEPTN_PORT is'],
  ])('is named: %s', (name, warning) => {
    expect(warnOfUnread([name], READ)).toEqual([warning]);
  });

  it.each(['KEPTN_PORT', 'TRUSTED_NETWORK', 'PATH', 'HOSTS', 'GIT_EDITOR', 'KEPTN_CONTEXT', 'RETENTION_POLICY'])(
    'is not what nobody has set for this system: %s',
    (name) => {
      expect(warnOfUnread([name], READ)).toEqual([]);
    },
  );
});

describe('a limit of open files', () => {
  const limits = (soft: string): string =>
    `Limit   Soft Limit   Hard Limit   Units\nMax open files            ${soft}   4096   files\n`;

  it('is named when it is too low', () => {
    expect(fewFiles(limits('256'))).toMatch(/^only 256 files .* ulimit -n$/);
    expect(fewFiles(limits('1023'))).toBeDefined();
  });

  it.each(['1024', '1048576', 'unlimited'])('is enough: %s', (soft) => {
    expect(fewFiles(limits(soft))).toBeUndefined();
  });
});
