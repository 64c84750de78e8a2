import { z } from 'zod';
import { secretOf } from '../secret-file';

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

/**
 * The Prometheus of a project: `prometheus-credentials-<project>` in the folder of secrets, else the one of the installation.
 *
 * @param folder of mounted secrets; undefined for none
 * @throws UnusableCredentials
 */
export async function accessOf(project: string, folder: string | undefined, url: string): Promise<PrometheusAccess> {
  const content = 'url, and user and password or token';
  const secret = await secretOf({ folder, provider: 'prometheus', project, schema: credentials, content });
  if (secret === undefined) return { url, headers: {} };
  return { url: secret.url.replace(/\/+$/, ''), headers: authorization(secret) };
}

function authorization({ user, password, token }: z.infer<typeof credentials>): Readonly<Record<string, string>> {
  if (token) return { authorization: `Bearer ${token}` };
  if (!user) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` };
}
