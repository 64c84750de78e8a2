import { decodeShipyard, encodeBase64Content, InvalidShipyard } from '@keptn/event-models';
import { type Change } from '@keptn/git-store';
import { SHIPYARD_FILE } from '../git/layout';
import { ShipyardRefused } from '../domain/structure.errors';

/** What a write on the project level does to the shipyard. */
export interface ShipyardChange {
  /** Base64 of the new YAML; undefined when the shipyard is deleted. */
  readonly content: string | undefined;
}

/**
 * @returns undefined when the shipyard is not among the changes
 * @throws ShipyardRefused with line and field of the first fault
 */
export function shipyardChangeIn(changes: readonly Change[]): ShipyardChange | undefined {
  const change = changes.find((each) => 'path' in each && each.path === SHIPYARD_FILE);
  if (change === undefined) {
    return undefined;
  }
  if (!('content' in change)) {
    return { content: undefined };
  }
  const content = encodeBase64Content(change.content);
  try {
    decodeShipyard(content);
  } catch (error) {
    throw error instanceof InvalidShipyard ? new ShipyardRefused(`${SHIPYARD_FILE}: ${error.message}`) : error;
  }
  return { content };
}
