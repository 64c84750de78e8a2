import { type LauncherSettings } from './settings';
import { type System } from './system';

const SHIPYARD = Buffer.from('stages:\n  - name: dev\n  - name: production\n').toString('base64');

/** What a person sees when everything is ready. The last line is for programs as well. */
export function describeSystem(system: System, settings: LauncherSettings): string {
  const endpoint = `http://localhost:${settings.KEPTN_PORT}${settings.PREFIX_PATH}/api`;
  const environment = environmentOf(system, settings, endpoint);
  const call = `${environment}node tools/call.mjs`;
  return [
    '',
    `  Token        ${system.token}`,
    `  Swagger UI   ${endpoint}/swagger-ui/`,
    `  Database     ${system.database.description}`,
    `  Logs         ${system.folder.logs}`,
    '',
    '  Three commands to try in another terminal:',
    '',
    `  ${call} GET /v1/metadata`,
    `  ${call} POST /v1/project '{"name":"hello","shipyard":"${SHIPYARD}"}'`,
    `  ${call} GET /configuration-service/v1/project`,
    '',
    '  A whole delivery, from the project to its evaluation:',
    '',
    `  ${environment}npm run first-delivery`,
    '',
    '  Ctrl-C ends everything; the data stays.',
    '',
    `Keptn is ready at ${endpoint}`,
  ].join('\n');
}

/** What the commands cannot know by themselves when the system does not run with its defaults. */
const environmentOf = (system: System, settings: LauncherSettings, endpoint: string): string => {
  const isDefault =
    endpoint === 'http://localhost:8080/api' &&
    settings.KEPTN_DATA_DIR === '.keptn' &&
    settings.KEPTN_API_TOKEN === undefined;
  return isDefault ? '' : `KEPTN_ENDPOINT=${endpoint} KEPTN_API_TOKEN='${system.token}' `;
};
