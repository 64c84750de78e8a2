import { join, relative } from 'node:path';
import process from 'node:process';
import { type LauncherSettings, schemeOf } from './settings';
import { type System } from './system';
import { reachable } from './topology';

const SHIPYARD = join('tools', 'first-delivery', 'examples', 'shipyard.yaml');

/** What a person sees when everything is ready. The last line is for programs as well. */
export function describeSystem(system: System, settings: LauncherSettings): string {
  const host = reachable(settings.HOST).replace('127.0.0.1', 'localhost');
  const address = `${schemeOf(settings)}://${host}:${settings.KEPTN_PORT}${settings.PREFIX_PATH}`;
  const endpoint = `${address}/api`;
  return [
    '',
    `  Token        ${system.token}`,
    ...(settings.KEPTN_WITHOUT.includes('bridge') ? [] : [`  Bridge       ${address}/bridge/`]),
    `  Swagger UI   ${endpoint}/swagger-ui/`,
    `  Database     ${system.database.description}`,
    `  Logs         ${system.folder.logs}`,
    '',
    '  Three commands to try in another terminal:',
    '',
    `  npx keptn auth --endpoint=${endpoint} ${tokenSource(system, settings)}`,
    `  npx keptn create project hello --shipyard=${SHIPYARD}`,
    '  npx keptn get events --project=hello',
    '',
    '  A whole delivery, from the project to its evaluation:',
    '',
    '  npm run first-delivery',
    '',
    '  Ctrl-C ends everything; the data stays.',
    '',
    `Keptn is ready at ${endpoint}`,
  ].join('\n');
}

/** From the file that holds it; a token of the environment is in no file. */
const tokenSource = ({ folder, token }: System, { KEPTN_API_TOKEN }: LauncherSettings): string =>
  KEPTN_API_TOKEN === undefined ? `< ${relative(process.cwd(), folder.tokenFile)}` : `<<< '${token}'`;
