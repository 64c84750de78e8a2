import { Readable } from 'node:stream';
import { type AuditEntry } from '@keptn/api-models';
import { Injectable } from '@nestjs/common';
import { type AuditSearch, AuditStore } from './audit.store';

/** Entries that are read in one step of an export. */
const STEP = 200;

export interface AuditPage {
  readonly entries: AuditEntry[];
  readonly nextPageKey?: string;
}

/** What people read of the audit log. */
@Injectable()
export class AuditService {
  constructor(private readonly store: AuditStore) {}

  async page(search: AuditSearch, pageSize: number): Promise<AuditPage> {
    const found = await this.store.search(search, pageSize + 1);
    const page = found.slice(0, pageSize);
    const last = page.at(-1);
    return {
      entries: page.map(({ entry }) => entry),
      ...(found.length > pageSize && last !== undefined && { nextPageKey: last.position }),
    };
  }

  /** Everything that matches, an entry a line. The first of them are read when this resolves, so that a failure is answered as one. */
  async lines(search: AuditSearch): Promise<Readable> {
    const first = await this.page(search, STEP);
    return Readable.from(this.textsFrom(first, search), { objectMode: false });
  }

  private async *textsFrom(first: AuditPage, search: AuditSearch): AsyncGenerator<string> {
    let page = first;
    for (;;) {
      if (page.entries.length > 0) yield page.entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
      if (page.nextPageKey === undefined) return;
      page = await this.page({ ...search, before: page.nextPageKey }, STEP);
    }
  }
}
