import { join } from 'node:path';
import { authSettings } from '@keptn/auth';
import { commonSettings, integerSetting, millisecondsSetting, urlSetting } from '@keptn/service-kit';
import { z } from 'zod';

const TWELVE_HOURS_MS = 43_200_000;

const clientSecrets = z.string().transform((text, context): Readonly<Record<string, string>> => {
  try {
    return z.record(z.string(), z.string().min(1)).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON such as {"keptn-bridge": "the secret"}' });
    return z.NEVER;
  }
});

/** What the service reads from its environment. */
export const bridgeSettings = commonSettings.extend({
  /** The key of session cookies is derived from it, and who signs in with user and password acts with it. */
  KEPTN_API_TOKEN: authSettings.KEPTN_API_TOKEN,
  /** The public API: the Bridge has no other way in. */
  API_GATEWAY_URL: urlSetting.default('http://api-gateway-nginx'),
  /** It says whether a token is right. */
  API_SERVICE_URL: urlSetting.default('http://api-service:8080'),
  /** As the gateway has it. */
  PREFIX_PATH: z.string().default(''),
  /** Certificate of the gateway when it speaks HTTPS itself: the one that is trusted. */
  TLS_CERT_FILE: z.string().optional(),
  /** User and password of contract 6.4; in a cluster from the secret `bridge-credentials`. */
  BASIC_AUTH_USERNAME: z.string().optional(),
  BASIC_AUTH_PASSWORD: z.string().optional(),
  /** Where api-service keeps user and password outside of a cluster. */
  KEPTN_DATA_DIR: z.string().optional(),
  /** How long somebody stays signed in. */
  SESSION_LIFETIME_MS: millisecondsSetting.default(TWELVE_HOURS_MS),
  /** How many wrong tokens or passwords a client address may try in a minute. */
  AUTH_FAILURES_PER_MINUTE: integerSetting(1, 60_000, 'a number from 1 to 60000').default(60),
  /** Secrets of the clients that sign people in, by client id, as JSON; public clients have none. */
  SIGN_IN_CLIENT_SECRETS: clientSecrets.default({}),
  /** The built pages; they lie beside the program. */
  WEB_FOLDER: z.string().default(join(import.meta.dirname, 'web')),
});

export type BridgeSettings = z.infer<typeof bridgeSettings>;
