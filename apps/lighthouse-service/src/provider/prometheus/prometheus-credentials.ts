import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectName } from '@keptn/event-models';
import { parse } from 'yaml';
import { z } from 'zod';

/** Where Prometheus is, and what it asks for. */
export interface PrometheusAccess {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const credentials = z.object({
  url: z.url({ protocol: /^https?$/ }),
  user: z.string().nullish(),
  password: z.string().nullish(),
  token: z.string().nullish(),
});

/** A secret that cannot be used. The message never holds what is in it. */
export class UnusableCredentials extends Error {}

/**
 * The Prometheus of a project: `prometheus-credentials-<project>` in the folder of secrets, else the one of the installation.
 *
 * @param folder of mounted secrets; undefined for none
 * @throws UnusableCredentials
 */
export async function accessOf(project: string, folder: string | undefined, url: string): Promise<PrometheusAccess> {
  if (folder === undefined || !projectName.safeParse(project).success) return { url, headers: {} };
  const name = `prometheus-credentials-${project}`;
  const text = await textOf(join(folder, name));
  if (text === undefined) return { url, headers: {} };
  const secret = credentials.safeParse(yamlOf(text));
  if (!secret.success) throw new UnusableCredentials(`${name} must hold url, and user and password or token, as YAML`);
  return { url: secret.data.url.replace(/\/+$/, ''), headers: authorization(secret.data) };
}

function authorization({ user, password, token }: z.infer<typeof credentials>): Readonly<Record<string, string>> {
  if (token) return { authorization: `Bearer ${token}` };
  if (!user) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` };
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function yamlOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
