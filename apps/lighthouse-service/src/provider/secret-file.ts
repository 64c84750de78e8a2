import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectName } from '@keptn/event-models';
import { parse } from 'yaml';
import { type z } from 'zod';

/** A secret that cannot be used. The message never holds what is in it. */
export class UnusableCredentials extends Error {}

export interface ProjectSecret<Schema extends z.ZodType> {
  /** Of mounted secrets; undefined for none. */
  readonly folder: string | undefined;
  /** The file is called `<provider>-credentials-<project>`. */
  readonly provider: string;
  readonly project: string;
  readonly schema: Schema;
  /** What the file must hold, for the message. */
  readonly content: string;
}

/**
 * Reads the secret that a provider has for a project, as YAML. It is read for each evaluation, so that it can be changed.
 *
 * @returns undefined when there is none
 * @throws UnusableCredentials
 */
export async function secretOf<Schema extends z.ZodType>(
  secret: ProjectSecret<Schema>,
): Promise<z.output<Schema> | undefined> {
  const { folder, provider, project, schema, content } = secret;
  if (folder === undefined || !projectName.safeParse(project).success) return undefined;
  const name = `${provider}-credentials-${project}`;
  const text = await textOf(folder, name);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(yamlOf(text));
  if (!parsed.success) throw new UnusableCredentials(`${name} must hold ${content}, as YAML`);
  return parsed.data;
}

async function textOf(folder: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT') return undefined;
    throw new UnusableCredentials(`${name} cannot be read: ${code}`, { cause: error });
  }
}

function yamlOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
