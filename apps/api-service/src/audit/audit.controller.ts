import { type Readable } from 'node:stream';
import { api, type BodyOf, type Caller, LINE_STREAM, type QueryOf } from '@keptn/api-models';
import { acceptedMediaType, CurrentCaller, Route } from '@keptn/service-kit';
import { Body, Controller, Query, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { AuditLog } from './audit-log';
import { type AuditPage, AuditService } from './audit.service';

const { completeAudit, listAudit, recordAudit } = api;

@Controller()
export class AuditController {
  constructor(
    private readonly audit: AuditService,
    private readonly log: AuditLog,
  ) {}

  @Route(listAudit)
  async list(
    @Query({ schema: listAudit.query }) { pageSize, nextPageKey: before, ...filter }: QueryOf<typeof listAudit>,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @CurrentCaller() caller: Caller,
  ): Promise<AuditPage | Readable> {
    const search = { ...filter, before, visible: caller.projectsWith('audit:read') };
    if (acceptedMediaType(headers, ['application/json', LINE_STREAM]) !== LINE_STREAM) {
      return this.audit.page(search, pageSize);
    }
    const lines = await this.audit.lines(search);
    void reply.type(LINE_STREAM);
    return lines;
  }

  @Route(recordAudit)
  async record(@Body({ schema: recordAudit.body }) { entries }: BodyOf<typeof recordAudit>): Promise<void> {
    await Promise.all(entries.map((entry) => this.log.begin(entry)));
  }

  @Route(completeAudit)
  async complete(@Body({ schema: completeAudit.body }) { results }: BodyOf<typeof completeAudit>): Promise<void> {
    await Promise.all(results.map((result) => this.log.end(result)));
  }
}
