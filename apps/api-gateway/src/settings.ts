import { defaultUrlOf, SERVICES_WITH_API, urlVariableOf } from '@keptn/service-catalog';
import { booleanSetting, commonSettings, integerSetting, millisecondsSetting, urlSetting } from '@keptn/service-kit';
import { z } from 'zod';
import { isAddressOrSubnet } from './client/trusted-proxies';

const listSetting = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const origin = /^https?:\/\/[^/?#\s]+$/;

/** Where each service with an API is. */
const serviceUrls = Object.fromEntries(
  SERVICES_WITH_API.map(({ name }) => [urlVariableOf(name), urlSetting.default(defaultUrlOf(name))]),
);

export const apiGatewaySettings = commonSettings.extend({
  ...serviceUrls,
  /** It verifies every token. */
  API_SERVICE_URL: urlSetting.default(defaultUrlOf('api-service')),
  /** Where the Keptn Bridge is, for installations that have one. It checks its users itself. */
  BRIDGE_URL: urlSetting.optional(),
  /** In front of every path, e.g. `/keptn`, when the gateway is not alone on its host. */
  PREFIX_PATH: z
    .string()
    .regex(/^(?:\/[\w~-][\w.~-]*)+$/, 'must look like /keptn: no slash at the end, plain characters only')
    .default(''),
  /** How long a token that api-service accepted is taken as accepted, in milliseconds; 0 asks for every request. */
  AUTH_CACHE_MS: millisecondsSetting.default(1_000),
  /** How many wrong tokens a client address may try in a minute. */
  AUTH_FAILURES_PER_MINUTE: integerSetting(1, 60_000, 'a number from 1 to 60000').default(60),
  /** How many requests each named token and each person may make in a minute; without it, as many as they like. */
  REQUESTS_PER_MINUTE: integerSetting(1, 6_000_000, 'a number from 1 to 6000000').optional(),
  /** How long an upstream may take for its answer, in milliseconds. Longer than the longest wait that the event log offers. */
  UPSTREAM_TIMEOUT_MS: millisecondsSetting.default(90_000),
  /** Addresses and subnets, separated by commas, whose `X-Forwarded-*` headers are believed. */
  TRUSTED_PROXIES: listSetting
    .refine((list) => list.every(isAddressOrSubnet), 'must be addresses and subnets such as 10.0.0.0/8, with commas')
    .default([]),
  /** Node's own default. */
  MAX_HEADER_BYTES: integerSetting(1_024, 1_048_576, 'a number of bytes from 1024 to 1048576').default(16_384),
  MAX_HEADER_COUNT: integerSetting(1, 10_000, 'a number from 1 to 10000').default(100),
  /** How long a client may take to send the headers of a request, in milliseconds. */
  HEADERS_TIMEOUT_MS: millisecondsSetting.default(10_000),
  /** How long a client may take to send a body, in milliseconds; 0 for as long as it likes. The original's services gave it as long. */
  BODY_TIMEOUT_MS: millisecondsSetting.default(30_000),
  /** How long an idle connection is kept for the client's next request, in milliseconds. Like the original's. */
  KEEP_ALIVE_TIMEOUT_MS: millisecondsSetting.default(75_000),
  /** A client that takes nothing of its answer for so long is cut off, in milliseconds. */
  STALLED_CLIENT_TIMEOUT_MS: millisecondsSetting.default(120_000),
  MAX_CONNECTIONS: integerSetting(1, 1_000_000, 'a number from 1 to 1000000').default(20_000),
  MAX_CONNECTIONS_PER_CLIENT: integerSetting(1, 1_000_000, 'a number from 1 to 1000000').default(12_000),
  /** Origins, separated by commas, whose pages may call the API from a browser; `*` for all. */
  CORS_ALLOWED_ORIGINS: listSetting
    .refine(
      (list) => list.every((item) => item === '*' || origin.test(item)),
      'must be origins such as https://a.example',
    )
    .default([]),
  /** Whether operations that are marked as internal can be called from outside. */
  EXPOSE_INTERNAL_ENDPOINTS: booleanSetting.default(true),
  /** Files in the PEM format; with both the gateway speaks HTTPS. Read again when they change. */
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
});

export type ApiGatewaySettings = z.infer<typeof apiGatewaySettings>;

/** Where a service of the catalog is. */
export const urlOf = (settings: Readonly<Record<string, unknown>>, service: string): string =>
  String(settings[urlVariableOf(service)]);
