import { inject } from 'vitest';
import { type Launch, ReachableSystem } from './running-system';

/**
 * The one system of a test run for tests that need nothing special of it. It is started when the first of them asks and ends with the
 * run. Each test file has projects of its own, and none counts those of others, stops a service or uses up the wrong tokens of a minute.
 */
export async function sharedSystem(): Promise<ReachableSystem> {
  const answer = await fetch(inject('sharedSystemUrl'));
  if (!answer.ok) {
    throw new Error(await answer.text());
  }
  return new ReachableSystem((await answer.json()) as Launch);
}
