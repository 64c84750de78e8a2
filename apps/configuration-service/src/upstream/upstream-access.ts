import { type UpstreamFields } from '@keptn/api-models';
import { z } from 'zod';
import { UpstreamNotUsable } from './upstream.errors';

/** How a project reaches its upstream, as its owner gave it. */
export const storedAccess = z
  .object({
    remoteURI: z.string(),
    user: z.string().exactOptional(),
    token: z.string().exactOptional(),
    privateKey: z.string().exactOptional(),
  })
  .readonly();
export type StoredAccess = z.infer<typeof storedAccess>;

/** The upstream that a new project is to have; clients send empty fields for none. @throws UpstreamNotUsable */
export function accessForCreation(fields: UpstreamFields): StoredAccess | undefined {
  const { remoteURI, ...rest } = given(fields);
  if (remoteURI !== undefined) {
    return { remoteURI, ...rest };
  }
  if (Object.keys(rest).length > 0) {
    throw new UpstreamNotUsable('gitRemoteURI in body is required with credentials');
  }
  return undefined;
}

/** What a change of a project asks for: another upstream, none any more, or nothing about it. */
export type AccessChange = { readonly set: StoredAccess } | 'remove' | undefined;

/**
 * What a change leaves out stays. An address on another host needs its own credentials: those of the present one are
 * never sent elsewhere.
 * @throws UpstreamNotUsable
 */
export function accessForChange(fields: UpstreamFields, present: StoredAccess | undefined): AccessChange {
  const address = fields.gitRemoteURI ?? fields.gitRemoteURL;
  const isRemoval = address === '';
  const { remoteURI, ...secrets } = given(fields);
  if (remoteURI === undefined && isRemoval) {
    if (Object.keys(secrets).length > 0) {
      throw new UpstreamNotUsable('gitRemoteURI in body is required with credentials');
    }
    return 'remove';
  }
  if (remoteURI === undefined && (present === undefined || Object.keys(secrets).length === 0)) {
    return undefined;
  }
  const uri = remoteURI ?? present?.remoteURI ?? '';
  const isElsewhere = present === undefined || originOf(uri) !== originOf(present.remoteURI);
  return { set: isElsewhere ? { remoteURI: uri, ...secrets } : { ...present, remoteURI: uri, ...secrets } };
}

function given({ gitUser, gitToken, gitPrivateKey, gitRemoteURI, gitRemoteURL }: UpstreamFields) {
  const remoteURI = gitRemoteURI || gitRemoteURL;
  return {
    ...(remoteURI && { remoteURI }),
    ...(gitUser && { user: gitUser }),
    ...(gitToken && { token: gitToken }),
    ...(gitPrivateKey && { privateKey: gitPrivateKey }),
  };
}

/** What is before the path, in all forms of addresses. */
function originOf(address: string): string {
  return /^(?:[a-z]+:\/\/[^/]*|[^:/]*)/i.exec(address)?.[0].toLowerCase() ?? address;
}
