import { type api, type AuditEntry, type AuditResult } from '@keptn/api-models';
import { type Client, createClient } from '@keptn/api-models/client';
import { type AuditMakings, type AuditTrail, GroupCommit, ServiceClient } from '@keptn/service-kit';

export interface AuditClientOptions {
  /** Base URL of api-service. */
  readonly API_SERVICE_URL: string;
  readonly KEPTN_API_TOKEN: string;
}

/** As many as a request may have. */
const GROUP_SIZE = 500;
const GROUP_LIMITS = { items: GROUP_SIZE, size: GROUP_SIZE, groups: 2, itemsBeside: 16 };

/** The audit log, which api-service keeps, for all other services. What is recorded at the same time shares a request. */
export class AuditClient implements AuditTrail {
  private readonly client: ServiceClient;
  private readonly call: Client<typeof api>;
  private readonly entries: GroupCommit<AuditEntry, undefined>;
  private readonly results: GroupCommit<AuditResult, undefined>;

  constructor({ API_SERVICE_URL: url, KEPTN_API_TOKEN: token }: AuditClientOptions) {
    this.client = new ServiceClient({ name: 'api-service', url, token });
    this.call = createClient<typeof api>((request) => this.client.request(request));
    this.entries = new GroupCommit(GROUP_LIMITS, async (entries) => {
      await this.call('POST /v1/audit', { body: { entries: [...entries] } });
      return entries.map(() => undefined);
    });
    this.results = new GroupCommit(GROUP_LIMITS, async (results) => {
      await this.call('POST /v1/audit/result', { body: { results: [...results] } });
      return results.map(() => undefined);
    });
  }

  begin(entry: AuditEntry): Promise<void> {
    return this.entries.add(entry, 1);
  }

  end(result: AuditResult): Promise<void> {
    return this.results.add(result, 1);
  }

  async record(entries: readonly AuditEntry[]): Promise<void> {
    await Promise.all(entries.map((entry) => this.begin(entry)));
  }

  async complete(results: readonly AuditResult[]): Promise<void> {
    await Promise.all(results.map((result) => this.end(result)));
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

/** The `audit` of a service other than api-service. */
export function auditThrough(options: AuditClientOptions, { onClose }: AuditMakings): AuditTrail {
  const client = new AuditClient(options);
  onClose(() => client.close());
  return client;
}
