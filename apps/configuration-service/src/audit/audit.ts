import { join } from 'node:path';
import { AuditClient, type AuditClientOptions } from '@keptn/auth';
import { type AuditMakings, type AuditTrail } from '@keptn/service-kit';
import { AuditJournal } from './audit-journal';

/** Folder in KEPTN_DATA_DIR of entries of the audit log that api-service does not have yet. */
const AUDIT_FOLDER = 'audit';

/** Changes are recorded on the disk that holds them, so that neither api-service nor the database is needed to make one. */
export function auditThroughJournal(
  settings: AuditClientOptions & { readonly KEPTN_DATA_DIR: string },
  { logger, onClose }: AuditMakings,
): AuditTrail {
  const client = new AuditClient(settings);
  const journal = new AuditJournal(join(settings.KEPTN_DATA_DIR, AUDIT_FOLDER), client, logger);
  onClose(async () => {
    await journal.close();
    await client.close();
  });
  return journal;
}
