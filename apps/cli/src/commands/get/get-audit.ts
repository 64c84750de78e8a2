import type { AuditOutcome } from '@keptn/api-models';
import { UsageFailure } from '../../failures/failure';
import { defineCommand } from '../../command-line/command';

export const getAudit = defineCommand({
  words: ['get', 'audit'],
  summary: 'Show who changed what, from where, and with which outcome',
  details:
    'All given filters must hold. With -o ndjson everything that matches is written, one entry a line, newest first: to keep it elsewhere, or for ' +
    'programs.',
  flags: {
    output: {
      short: 'o',
      value: 'format',
      choices: ['table', 'json', 'yaml', 'name', 'ndjson'],
      summary: 'Format of the answer; ndjson for all entries, one a line',
    },
    actor: { value: 'name', summary: 'Of this token or person only' },
    project: { value: 'name', completes: 'project', summary: 'About this project only' },
    action: { value: 'operation', summary: 'This operation only, such as "DELETE /v1/project/{project}"' },
    requestId: { value: 'id', summary: 'Of this request only, as X-Request-Id names it' },
    outcome: { value: 'outcome', choices: ['begun', 'done', 'refused', 'failed'], summary: 'With this outcome only' },
    fromTime: { value: 'time', summary: 'Not earlier, such as 2026-01-31T10:15:30Z' },
    beforeTime: { value: 'time', summary: 'Earlier' },
    limit: { value: 'number', summary: 'How many, at most 100; 20 unless given' },
  },
  examples: [
    { command: 'keptn get audit --project=sockshop', says: 'What was changed in a project' },
    { command: 'keptn get audit --outcome=refused', says: 'Who tried what they may not do' },
    {
      command: 'keptn get audit -o ndjson --from-time=2026-01-01T00:00:00Z > audit.ndjson',
      says: 'Keep a year elsewhere',
    },
  ],
  run: async ({ limit, outcome, output, ...filters }, session) => {
    const search = { ...filters, outcome: outcome as AuditOutcome | undefined };
    if (output === 'ndjson') {
      if (limit !== undefined) throw new UsageFailure('-o ndjson writes everything that matches', 'Leave --limit out.');
      const { access } = await session.connect();
      for await (const lines of access.auditLines(search)) session.output.raw(Buffer.from(lines));
      return;
    }
    const { access } = await session.connect();
    const entries = await access.audit({ ...search, pageSize: limit });
    await session.output.show({
      value: entries,
      names: entries.map(({ id }) => `audit/${id}`),
      human:
        entries.length === 0
          ? 'No entries found'
          : {
              columns: ['TIME', 'WHO', 'ACTION', 'TARGET', 'OUTCOME', 'ADDRESS'],
              rows: entries.map(({ time, actor, action, target, project, outcome: what, address = '' }) => [
                time,
                actor.name,
                action,
                Object.values(target).join(' ') || (project ?? ''),
                what,
                address,
              ]),
            },
    });
  },
});
