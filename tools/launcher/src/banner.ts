import { type System } from './system';

/** What a person sees when everything is ready. The last line is for programs as well. */
export function describeSystem(system: System, firstPort: number): string {
  const endpoint = `http://localhost:${firstPort}/api`;
  const header = `-H 'x-token: ${system.token}'`;
  const shipyard = Buffer.from('stages:\n  - name: dev\n  - name: production\n').toString('base64');
  const project = `{"name":"hello","shipyard":"${shipyard}"}`;
  return [
    '',
    `  Token        ${system.token}`,
    `  Swagger UI   ${endpoint}/swagger-ui/`,
    `  Database     ${system.database.description}`,
    `  Logs         ${system.folder.logs}`,
    '',
    '  Three commands to try:',
    '',
    `  curl -s ${header} ${endpoint}/v1/metadata`,
    `  curl -s ${header} -H 'Content-Type: application/json' -d '${project}' ${endpoint}/v1/project`,
    `  curl -s ${header} ${endpoint}/configuration-service/v1/project`,
    '',
    '  A whole delivery, from the project to its evaluation: npm run first-delivery',
    '  Ctrl-C ends everything; the data stays.',
    '',
    `Keptn is ready at ${endpoint}`,
  ].join('\n');
}
