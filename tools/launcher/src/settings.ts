import { commonSettings, portSetting, readSettings, tokenSetting } from '@keptn/service-kit';
import { mongodbSettings } from '@keptn/mongodb-connection';
import { z } from 'zod';

/** The services take the gateway's port and the three above it. */
const LAST_FIRST_PORT = 65_532;

const launcherSettings = z.object({
  KEPTN_PORT: portSetting
    .refine((port) => port >= 1 && port <= LAST_FIRST_PORT, `must be a port number from 1 to ${LAST_FIRST_PORT}`)
    .default(8080),
  KEPTN_DATA_DIR: z.string().default('.keptn'),
  KEPTN_API_TOKEN: tokenSetting.optional(),
  MONGODB_URI: mongodbSettings.MONGODB_URI.optional(),
  /** This machine only, unless somebody asks for more. */
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: commonSettings.shape.LOG_LEVEL,
  /** The gateway checks it; here it only completes the endpoint that is shown. */
  PREFIX_PATH: z.string().default(''),
  /** The gateway reads them; here they only say that it speaks HTTPS. */
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
});

export type LauncherSettings = z.infer<typeof launcherSettings>;

/** What the gateway of these settings speaks. */
export const schemeOf = ({ TLS_CERT_FILE, TLS_KEY_FILE }: LauncherSettings): 'http' | 'https' =>
  TLS_CERT_FILE === undefined && TLS_KEY_FILE === undefined ? 'http' : 'https';

/** @throws InvalidSettings */
export function readLauncherSettings(environment: Readonly<Record<string, string | undefined>>): LauncherSettings {
  return readSettings(launcherSettings, environment);
}
