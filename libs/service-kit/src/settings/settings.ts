import { z } from 'zod';

/** The environment holds a value that the service cannot work with. One line, fit to be shown to the operator. */
export class InvalidSettings extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidSettings';
  }
}

/** @param what completes the sentence "must be" */
export const integerSetting = (minimum: number, maximum: number, what: string) =>
  z
    .string()
    .regex(/^\d+$/, `must be ${what}`)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, `must be ${what}`);

/** A TCP port to listen on; 0 lets the system choose. */
export const portSetting = integerSetting(0, 65_535, 'a port number from 0 to 65535');

/** A duration in whole milliseconds, at most a day. */
export const millisecondsSetting = integerSetting(0, 86_400_000, 'a number of milliseconds from 0 to 86400000');

/** A size in bytes, at most 1 GiB. */
const bytesSetting = integerSetting(1, 1_073_741_824, 'a number of bytes from 1 to 1073741824');

/** `true` or `false`. */
export const booleanSetting = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');

/** An http or https URL without a trailing slash. */
export const urlSetting = z
  .url({ protocol: /^https?$/, error: 'must be a URL such as http://localhost:8081' })
  .transform((url) => url.replace(/\/+$/, ''));

/** URLs separated by commas, each as in {@link urlSetting}; none when empty. */
export const urlListSetting = z
  .string()
  .default('')
  .transform((list) => [...new Set(list.split(',').flatMap((url) => (url.trim() === '' ? [] : [url.trim()])))])
  .pipe(z.array(urlSetting, 'must be a comma-separated list of URLs'));

/**
 * The shared API token (`x-token`). Sixteen characters is the least that cannot be guessed over a rate-limited API.
 * The original's Helm chart makes 45.
 */
export const tokenSetting = z
  .string('must be set: it is the token that clients send as x-token')
  .regex(/^[\x21-\x7e]{16,512}$/, 'must have 16 to 512 printable ASCII characters without blanks');

/** What every service reads from its environment. */
export const commonSettings = z.object({
  HOST: z.string().min(1, 'must be an address to listen on').default('0.0.0.0'),
  PORT: portSetting.default(8080),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info'),
  MAX_BODY_BYTES: bytesSetting.default(10_485_760),
  /** How long load balancers take to learn that this instance ends; until then they send it requests. */
  SHUTDOWN_DELAY_MS: millisecondsSetting.default(0),
  SHUTDOWN_TIMEOUT_MS: millisecondsSetting.default(8_000),
});

export type CommonSettings = z.infer<typeof commonSettings>;

/**
 * Reads and checks the variables that `schema` names; empty ones count as absent.
 *
 * @throws InvalidSettings naming each variable that is wrong, its value unless it is a secret, and what it must be
 */
export function readSettings<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  const given = Object.fromEntries(
    Object.keys(schema.shape)
      .map((name) => [name, environment[name]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = schema.safeParse(given);
  if (result.success) {
    return result.data;
  }
  const complaints = result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const value = environment[name];
    const isShown = value !== undefined && value !== '' && !isSecret(name) && !mayHoldPassword(value);
    const shown = isShown ? `, but is "${value}"` : '';
    return `${name} ${issue.message}${shown}`;
  });
  throw new InvalidSettings(complaints.join('; '));
}

/** URLs may have one before their host. */
const mayHoldPassword = (value: string): boolean => value.includes('@');

const isSecret = (name: string): boolean => /TOKEN|PASSWORD|SECRET|KEY|MONGODB_URI/.test(name);
