/**
 * Calls the API of a running control plane and prints the answer:
 *
 *   node tools/call.mjs GET /v1/metadata
 *   node tools/call.mjs POST /v1/project '{"name":"hello","shipyard":"c3RhZ2VzOiBbe25hbWU6IGRldn1dCg=="}'
 *
 * KEPTN_ENDPOINT and KEPTN_API_TOKEN say where and as whom; by default the system that `npm start` runs in this folder.
 */
import process from 'node:process';
import { connectKeptnApi } from './first-delivery/keptn-api.mjs';

const [method, path, body] = process.argv.slice(2);
if (method === undefined || path === undefined || !/^(?:GET|POST|PUT|DELETE)$/.test(method)) {
  console.error(
    "usage: node tools/call.mjs GET|POST|PUT|DELETE PATH ['JSON BODY'], e.g. node tools/call.mjs GET /v1/metadata",
  );
  process.exit(2);
}

try {
  const answer = await connectKeptnApi().call(
    /** @type {'GET' | 'POST' | 'PUT' | 'DELETE'} */ (method),
    path,
    body === undefined ? undefined : JSON.parse(body),
  );
  console.log(answer === undefined ? 'done, no content' : JSON.stringify(answer, null, 2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
