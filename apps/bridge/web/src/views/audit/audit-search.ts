import type { AuditOutcome } from '@keptn/api-models';

const TEXTS = ['actor', 'project', 'action', 'requestId', 'fromTime', 'beforeTime'] as const;

/** Which entries are shown; every part is in the URL. */
export type AuditSearch = { readonly [Name in (typeof TEXTS)[number]]?: string } & { readonly outcome?: AuditOutcome };

export const OUTCOMES: readonly AuditOutcome[] = ['done', 'refused', 'failed', 'begun'];

export function readAuditSearch(given: Readonly<Record<string, unknown>>): AuditSearch {
  const texts = TEXTS.flatMap((name) => {
    const value = given[name];
    return typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()] as const] : [];
  });
  const outcome = OUTCOMES.find((each) => each === given['outcome']);
  return { ...Object.fromEntries(texts), ...(outcome && { outcome }) };
}
