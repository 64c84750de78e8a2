import { type Configuration, type NewResource } from '../api/configuration';
import { type ResourceScope } from '../api/resource-scope';
import { type Files, withoutServerFiles } from './project-folder';

/** What one request holds at most, in characters of base64: well below the limit of a server, 10 MiB by default. */
const LARGEST_REQUEST = 6 * 1024 * 1024;

/** Writes resources, but for the server's own, with as few requests, and so commits, as the limit of a request allows. */
export async function writeResources(configuration: Configuration, scope: ResourceScope, files: Files): Promise<void> {
  for (const batch of batchesOf(withoutServerFiles(files, scope))) {
    await configuration.addResources(scope, batch);
  }
}

function batchesOf(files: Files): NewResource[][] {
  const batches: NewResource[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const [resourceURI, content] of files) {
    const resource = { resourceURI, resourceContent: content.toString('base64') };
    size += resource.resourceContent.length;
    if (size > LARGEST_REQUEST) {
      batches.push([]);
      size = resource.resourceContent.length;
    }
    batches.at(-1)?.push(resource);
  }
  return batches;
}
