import { type BridgeCredentials } from '@keptn/api-models';
import { NowhereToStoreCredentials } from './bridge.errors';

/** Where the credentials of the Bridge are kept: in a secret of the cluster, or in a file. They are in no log. */
export interface BridgeCredentialsStore {
  /** @returns undefined when none are set */
  read(): Promise<BridgeCredentials | undefined>;
  /** Replaces them durably, and has a running Bridge use them. */
  save(credentials: BridgeCredentials): Promise<void>;
}

export const BRIDGE_CREDENTIALS_STORE = Symbol('BRIDGE_CREDENTIALS_STORE');

/** @throws NowhereToStoreCredentials from every method */
export const noStore: BridgeCredentialsStore = {
  read: () => Promise.reject(new NowhereToStoreCredentials()),
  save: () => Promise.reject(new NowhereToStoreCredentials()),
};
