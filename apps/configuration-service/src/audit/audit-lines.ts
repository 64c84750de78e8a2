import { type AuditEntry, type AuditResult } from '@keptn/api-models';

/** A line of a file of the journal, as JSON. */
export type Line = { readonly entry: AuditEntry } | { readonly result: AuditResult };

/** What a file of the journal says. */
export interface Content {
  readonly entries: readonly AuditEntry[];
  /** Of entries in earlier files. */
  readonly results: readonly AuditResult[];
  /** Whole lines that nobody has written so. */
  readonly damaged: readonly string[];
}

export const linesOf = (lines: readonly Line[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** An entry and its result become one; a last line that was cut off belongs to a change that never began. */
export function contentOf(text: string): Content {
  const entries = new Map<string, AuditEntry>();
  const results: AuditResult[] = [];
  const damaged: string[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const parsed = parse(line);
    if (parsed === undefined) {
      damaged.push(line);
      continue;
    }
    if ('entry' in parsed) {
      entries.set(parsed.entry.id, parsed.entry);
      continue;
    }
    const entry = entries.get(parsed.result.id);
    if (entry === undefined) results.push(parsed.result);
    else entries.set(entry.id, { ...entry, ...parsed.result });
  }
  return { entries: [...entries.values()], results, damaged };
}

function parse(line: string): Line | undefined {
  try {
    const parsed = JSON.parse(line) as Line | null;
    return typeof parsed === 'object' && parsed !== null && ('entry' in parsed || 'result' in parsed)
      ? parsed
      : undefined;
  } catch {
    return undefined;
  }
}
