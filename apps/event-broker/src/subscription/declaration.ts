import { isAge } from '../matching/age';
import { isTypePattern } from '../matching/type-pattern';

/** A subscription that the deployment declares: a receiver that is part of the control plane. */
export interface Declaration {
  readonly name: string;
  readonly sink: string;
  readonly order: 'context' | 'strict';
  readonly types: readonly string[];
  /** Names of what the data of an event must have, such as `stage`; empty texts do not count. */
  readonly fields?: readonly string[];
  /** Where it starts when it is new. */
  readonly from: 'beginning' | 'end';
  /** Whether it gets imported events. */
  readonly imported?: true;
  /** Older events are not delivered, e.g. `7d`. */
  readonly maxAge?: string;
  /** How long events are collected for a request after the one before was begun, in milliseconds; of a strict one only. */
  readonly collectMs?: number;
}

const FIELD = /^[a-zA-Z]\w{0,63}$/;
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Reads declarations that are separated by commas: `name=url`, then options behind semicolons: `strict`, `from=beginning`,
 * `imported`, `max-age=7d`, `types=a.>|b`, `fields=stage|service`, `collect=100ms`.
 *
 * @returns what the text must be when it is none
 */
export function readDeclarations(text: string): readonly Declaration[] | string {
  const declared: Declaration[] = [];
  for (const item of text.split(',').map((part) => part.trim())) {
    if (item === '') continue;
    const declaration = readDeclaration(item);
    if (typeof declaration === 'string') return declaration;
    if (declared.some(({ name }) => name === declaration.name)) return `must not name "${declaration.name}" twice`;
    declared.push(declaration);
  }
  return declared;
}

function readDeclaration(text: string): Declaration | string {
  const [target = '', ...options] = text.split(';').map((part) => part.trim());
  const [, name = '', sink = ''] = /^([^=]*)=(.*)$/.exec(target) ?? [];
  if (!NAME.test(name) || !isUrl(sink)) {
    return 'must be subscriptions such as configuration-service=http://configuration-service:8080/v1/event;strict, with commas';
  }
  let declaration: Declaration = { name, sink, order: 'context', types: [], from: 'end' };
  for (const option of options) {
    const change = readOption(option);
    if (change === undefined) {
      return `must not have the option "${option}": strict, from=beginning, imported, max-age=7d, types=a.>|b, fields=stage|service and collect=100ms are known`;
    }
    declaration = { ...declaration, ...change };
  }
  if (declaration.collectMs !== undefined && declaration.order !== 'strict') {
    return `must not have the option "collect" without "strict": requests side by side would wait for each other`;
  }
  return declaration;
}

function readOption(option: string): Partial<Declaration> | undefined {
  if (option === 'strict') return { order: 'strict' };
  if (option === 'from=beginning') return { from: 'beginning' };
  if (option === 'imported') return { imported: true };
  const maxAge = /^max-age=(.+)$/.exec(option)?.[1];
  if (maxAge !== undefined) return isAge(maxAge) ? { maxAge } : undefined;
  const collect = /^collect=([1-9]\d{0,3})ms$/.exec(option)?.[1];
  if (collect !== undefined) return { collectMs: Number(collect) };
  const fields = /^fields=(.+)$/.exec(option)?.[1]?.split('|');
  if (fields !== undefined) return fields.every((name) => FIELD.test(name)) ? { fields } : undefined;
  const types = /^types=(.+)$/.exec(option)?.[1]?.split('|');
  return types?.every(isTypePattern) === true ? { types } : undefined;
}

const isUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
