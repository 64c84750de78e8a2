import type { AuditOutcome } from '@keptn/api-models';
import { defineCommand } from '../../command-line/command';

export const getAudit = defineCommand({
  words: ['get', 'audit'],
  summary: 'Show who changed what, from where, and with which outcome',
  flags: {
    actor: { value: 'name', summary: 'Of this token or person only' },
    project: { value: 'name', completes: 'project', summary: 'About this project only' },
    outcome: { value: 'outcome', choices: ['begun', 'done', 'refused', 'failed'], summary: 'With this outcome only' },
    fromTime: { value: 'time', summary: 'Not earlier, such as 2026-01-31T10:15:30Z' },
    limit: { value: 'number', summary: 'How many, at most 100; 20 unless given' },
  },
  examples: [
    { command: 'keptn get audit --project=sockshop', says: 'What was changed in a project' },
    { command: 'keptn get audit --outcome=refused', says: 'Who tried what they may not do' },
  ],
  run: async ({ limit, outcome, ...search }, session) => {
    const { access } = await session.connect();
    const entries = await access.audit({ ...search, outcome: outcome as AuditOutcome | undefined, pageSize: limit });
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
