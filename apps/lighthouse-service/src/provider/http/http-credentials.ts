import { z } from 'zod';
import { secretOf } from '../secret-file';

/** Headers, with names in small letters, by the origin that they are for, such as `https://metrics.example.com`. */
export type SecretHeaders = ReadonlyMap<string, Readonly<Record<string, string>>>;

const credentials = z.record(
  z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin),
  z.record(
    z
      .string()
      .regex(/^[\w-]+$/)
      .toLowerCase(),
    z.string().regex(/^[\x20-\x7e]*$/),
  ),
);

/**
 * The secret headers of a project. Each belongs to an origin, so that nobody who may write `http/sli.yaml` can have them sent elsewhere.
 *
 * @param folder of mounted secrets; undefined for none
 * @throws UnusableCredentials
 */
export async function secretHeadersOf(project: string, folder: string | undefined): Promise<SecretHeaders> {
  const content = 'headers for each origin such as https://metrics.example.com';
  const secret = await secretOf({ folder, provider: 'http', project, schema: credentials, content });
  return new Map(Object.entries(secret ?? {}));
}
