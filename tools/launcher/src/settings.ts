import { mongodbSettings } from '@keptn/mongodb-connection/settings';
import { SERVICES } from '@keptn/service-catalog';
import { commonSettings, portSetting, readSettings, tokenSetting } from '@keptn/service-kit/settings';
import { z } from 'zod';

const HIGHEST_PORT = 65_535;

/** The services take the gateway's port and some above it. */
const LAST_FIRST_PORT = HIGHEST_PORT - Math.max(...SERVICES.map(({ portOffset }) => portOffset));

const optionalServices = SERVICES.filter(({ isOptional }) => isOptional === true).map(({ name }) => name);

const listSetting = z.string().transform((text) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
);

const launcherSettings = z.object({
  KEPTN_PORT: portSetting
    .refine((port) => port >= 1 && port <= LAST_FIRST_PORT, `must be a port number from 1 to ${LAST_FIRST_PORT}`)
    .default(8080),
  KEPTN_DATA_DIR: z.string().default('.keptn'),
  KEPTN_API_TOKEN: tokenSetting.optional(),
  /** Services whose work another program does. */
  KEPTN_WITHOUT: listSetting
    .refine(
      (names) => names.every((name) => optionalServices.includes(name)),
      `must name services that can be left out: ${optionalServices.join(', ') || 'there is none'}`,
    )
    .default([]),
  /** `separate` gives each service a process of its own, as in a cluster. */
  KEPTN_PROCESSES: z.enum(['shared', 'separate'], 'must be shared or separate').default('shared'),
  MONGODB_URI: mongodbSettings.MONGODB_URI.optional(),
  /** This machine only, unless somebody asks for more. */
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: commonSettings.shape.LOG_LEVEL,
  SHUTDOWN_DELAY_MS: commonSettings.shape.SHUTDOWN_DELAY_MS,
  SHUTDOWN_TIMEOUT_MS: commonSettings.shape.SHUTDOWN_TIMEOUT_MS,
  /** The gateway checks it; here it only completes the endpoint that is shown. */
  PREFIX_PATH: z.string().default(''),
  /** The gateway reads them; here they only say that it speaks HTTPS. */
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
});

/** The variables that the launcher itself reads. */
export const LAUNCHER_VARIABLES: readonly string[] = Object.keys(launcherSettings.shape);

export type LauncherSettings = z.infer<typeof launcherSettings>;

/** What the gateway of these settings speaks. */
export const schemeOf = ({ TLS_CERT_FILE, TLS_KEY_FILE }: LauncherSettings): 'http' | 'https' =>
  TLS_CERT_FILE === undefined && TLS_KEY_FILE === undefined ? 'http' : 'https';

/** @throws InvalidSettings */
export function readLauncherSettings(environment: Readonly<Record<string, string | undefined>>): LauncherSettings {
  return readSettings(launcherSettings, environment);
}
