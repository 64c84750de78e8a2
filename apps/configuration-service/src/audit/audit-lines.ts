import { type AuditEntry, type AuditResult } from '@keptn/api-models';

/** A line of a file of the journal, as JSON. */
export type Line = { readonly entry: AuditEntry } | { readonly result: AuditResult };

/** What a file of the journal says. */
export interface Content {
  readonly entries: readonly AuditEntry[];
  /** Of entries in earlier files. */
  readonly results: readonly AuditResult[];
}

export const linesOf = (lines: readonly Line[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** An entry and its result become one; a line that was cut off belongs to a change that never began. */
export function contentOf(text: string): Content {
  const entries = new Map<string, AuditEntry>();
  const results: AuditResult[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const parsed = parse(line);
    if (parsed === undefined) continue;
    if ('entry' in parsed) {
      entries.set(parsed.entry.id, parsed.entry);
      continue;
    }
    const entry = entries.get(parsed.result.id);
    if (entry === undefined) results.push(parsed.result);
    else entries.set(entry.id, { ...entry, ...parsed.result });
  }
  return { entries: [...entries.values()], results };
}

function parse(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
