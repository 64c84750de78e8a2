/** The health check of the images of services: ends with 0 when `/health` of the service beside it answers 200. */
import process from 'node:process';

const port = process.env['PORT'] || '8080';
const { ok } = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2_000) }).catch(() => ({
  ok: false,
}));
process.exit(ok ? 0 : 1);
