import 'reflect-metadata';
import { Server as TlsServer } from 'node:tls';
import { setImmediate as afterReading, setTimeout as delay } from 'node:timers/promises';
import { Caller } from '@keptn/api-models';
import { type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyReply, type FastifyRequest, type onRequestHookHandler } from 'fastify';
import { type Logger } from 'pino';
import { type z } from 'zod';
import { type AuditParts, type AuditTrail, recordChanges, recordRefusal } from './access/audit-trail';
import { type Authenticated, rememberCaller, type RequestGuard } from './access/authentication';
import { NotPermitted, requirePermission } from './access/permission';
import { ServiceUnavailable } from './errors/service-error';
import { limitBodiesInMemory } from './http/body-budget';
import { withRoomForAdditions } from './http/body-limit';
import { ErrorFilter } from './http/error.filter';
import { createFastifyAdapter, type ServerFactory } from './http/fastify-adapter';
import { KnownRoutes } from './http/known-routes';
import { logRequests } from './http/request-logging';
import { SchemaValidationPipe, useReadableValidationMessages } from './http/schema-validation.pipe';
import { requireServable } from './http/unserved-requests';
import { closeUnusedConnections } from './http/unused-connections';
import { KnownFailures } from './errors/known-failures';
import { Readiness } from './health/readiness';
import { noteActor } from './logging/request-context';
import { createBatchLogger, createLogger, NestLogger, STANDARD_OUTPUT } from './logging/logger';
import { Metrics } from './metrics/metrics';
import { refuseUnacceptableAnswer } from './openapi/acceptable-answers';
import { requireReadableBody } from './openapi/body-media-types';
import { type OpenApiDescription, serveOpenApi } from './openapi/openapi';
import { ServiceKitModule } from './service-kit.module';
import { type CommonSettings, type commonSettings, readSettings } from './settings/settings';
import { ShutdownProgress } from './shutdown-progress';

/** Gives what the application is made of, once it is. */
export interface Injector {
  get<Part>(token: Type<Part>): Part;
}

export interface AuditMakings {
  readonly injector: Injector;
  readonly logger: Logger;
  readonly onClose: ServiceContext['onClose'];
}

/** The headers of an answer without a body. */
type AnswerHeaders = Readonly<Record<string, string>>;

export interface ServiceContext {
  readonly logger: Logger;
  /** For one line of each request: see {@link createBatchLogger}. */
  readonly accessLogger: Logger;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  /** Has `end` called when the service stops accepting, for connections that would not end by themselves. */
  readonly onShutdown: (end: () => void) => void;
  /** Has `release` called when the service has answered its last request. */
  readonly onClose: (release: () => Promise<void> | void) => void;
}

/** A service as its `app.module.ts` describes it; everything else is the same for all of them. */
export interface ServiceDefinition<Schema extends typeof commonSettings = typeof commonSettings> {
  /** As in Kubernetes and in the log, e.g. `api-service`. */
  readonly name: string;
  /** Absent for a service without an API of its own. */
  readonly openApi?: OpenApiDescription;
  /** The environment variables that the service reads: `commonSettings.extend({ … })`. */
  readonly settings: Schema;
  readonly module: (settings: z.infer<Schema>) => DynamicModule | Type;
  /** For a service that does more with connections than to answer requests. */
  readonly server?: (settings: z.infer<Schema>, context: ServiceContext) => ServerFactory;
  /** Last touches to the application before it listens. */
  readonly configure?: (app: NestFastifyApplication, settings: z.infer<Schema>) => void;
  /** Says who makes a request, for every request that reaches the framework, known path or not. Without it everybody may do everything. */
  readonly guard?: (settings: z.infer<Schema>, injector: Injector) => RequestGuard;
  /** Where changes by callers that the guard names are recorded; nowhere when absent. */
  readonly audit?: (settings: z.infer<Schema>, parts: AuditMakings) => AuditTrail;
  /**
   * POST routes that are answered with 200 and headers alone as soon as the guard lets them pass. A proxy that asks with the
   * headers of its client announces a body that it never sends; waiting for it would hang both.
   */
  readonly answeredFromHeaders?: (
    settings: z.infer<Schema>,
  ) => Readonly<Record<string, (who: Authenticated) => AnswerHeaders>>;
  /** Reads a JSON body; `JSON.parse` unless the service must keep more than it does. */
  readonly parseBody?: (text: string) => unknown;
  /**
   * Whether operations without a body are refused with 406 when `Accept` excludes every form of their answer that the document
   * names; otherwise `Accept` is not looked at. Contract 3.0 tells which service of the original did.
   */
  readonly negotiatesAnswers?: boolean;
  /** Whether a route reads bodies of {@link LINE_STREAM}; it gets them as a stream. */
  readonly takesLineStreams?: boolean;
  /**
   * Whether log lines and outgoing calls can tell which request they belong to; yes unless said otherwise. It makes every
   * asynchronous step of the process dearer (AsyncLocalStorage before Node 24).
   */
  readonly providesRequestContext?: boolean;
}

export interface RunningService {
  /** Where it listens, e.g. `http://127.0.0.1:8081`. */
  readonly url: string;
  readonly settings: CommonSettings;
  readonly logger: Logger;
  /** What {@link close} waits for at the moment, in words for the log. */
  readonly waitingFor: string;
  /**
   * Reports itself as not ready but goes on answering for SHUTDOWN_DELAY_MS; then stops accepting, finishes the requests in
   * flight for at most SHUTDOWN_TIMEOUT_MS, and releases everything.
   */
  close(): Promise<void>;
}

/**
 * Starts a service inside this process.
 *
 * @param environment variables, usually `process.env`
 * @param logFile descriptor of the file that log lines go to
 * @throws InvalidSettings when a variable is missing or wrong
 * @throws the system's error when the port is taken
 */
export async function startService<Schema extends typeof commonSettings>(
  definition: ServiceDefinition<Schema>,
  environment: Readonly<Record<string, string | undefined>>,
  logFile = STANDARD_OUTPUT,
): Promise<RunningService> {
  const settings: z.infer<Schema> & CommonSettings = readSettings(definition.settings, environment);
  const logger = createLogger(definition.name, settings.LOG_LEVEL, logFile);
  const accessLogger = createBatchLogger(definition.name, settings.LOG_LEVEL, logFile);
  const readiness = new Readiness();
  const metrics = new Metrics(definition.name);
  const releases: (() => Promise<void> | void)[] = [];
  const onClose = (release: () => Promise<void> | void): void => {
    releases.push(release);
  };
  const progress = new ShutdownProgress();
  const endings: (() => void)[] = [];
  const onShutdown = (end: () => void): void => {
    endings.push(end);
  };
  const app = await createApplication(definition, settings, {
    logger,
    accessLogger,
    readiness,
    metrics,
    onShutdown,
    onClose,
    progress,
  });
  try {
    await app.listen(settings.PORT, settings.HOST);
  } catch (error) {
    await app.close();
    throw error;
  }
  const url = urlOf(app, await app.getUrl());
  logger.info({ url }, 'listening');
  return {
    url,
    settings,
    logger,
    get waitingFor() {
      return progress.waitingFor;
    },
    close: async () => {
      readiness.beginShutdown();
      if (settings.SHUTDOWN_DELAY_MS > 0) {
        await delay(settings.SHUTDOWN_DELAY_MS);
        // Timers come before sockets: what arrived while a busy process was late must be read before idle connections are closed.
        await afterReading();
      }
      endings.forEach((end) => {
        end();
      });
      const deadline = setTimeout(() => {
        app.getHttpServer().closeAllConnections();
      }, settings.SHUTDOWN_TIMEOUT_MS);
      await app.close();
      clearTimeout(deadline);
      for (const release of releases.splice(0)) {
        await release();
      }
    },
  };
}

/** Nest takes every server for one without TLS. */
const urlOf = (app: NestFastifyApplication, url: string): string => {
  const reachable = url.replace('[::1]', 'localhost');
  return app.getHttpServer() instanceof TlsServer ? reachable.replace(/^http:/, 'https:') : reachable;
};

async function createApplication<Schema extends typeof commonSettings>(
  definition: ServiceDefinition<Schema>,
  settings: z.infer<Schema> & CommonSettings,
  context: ServiceContext & { readonly progress: ShutdownProgress },
): Promise<NestFastifyApplication> {
  const { logger, accessLogger, readiness, metrics, progress } = context;
  useReadableValidationMessages();
  const bodyLimit = withRoomForAdditions(settings.MAX_BODY_BYTES);
  const adapter = createFastifyAdapter({
    bodyLimit,
    logger,
    parseBody: definition.parseBody ?? JSON.parse,
    serverFactory: definition.server?.(settings, context),
    takesLineStreams: definition.takesLineStreams ?? false,
  });
  const routes = new KnownRoutes(adapter);
  const failures = new KnownFailures();
  const created: { app?: NestFastifyApplication } = {};
  const injector: Injector = { get: (token) => partOf(created.app, token) };
  const trail = definition.audit?.(settings, { injector, logger: context.logger, onClose: context.onClose });
  const audit = trail === undefined ? undefined : { service: definition.name, trail, logger };
  logRequests(adapter, accessLogger, { providesContext: definition.providesRequestContext ?? true });
  metrics.observeRequests(adapter);
  closeConnectionsDuringShutdown(adapter, readiness);
  closeUnusedConnections(adapter);
  progress.follow(adapter);
  adapter.getInstance().addHook('onRequest', guardHook(definition, settings, { routes, injector, audit }));
  adapter.getInstance().addHook('preParsing', requireReadableBody);
  limitBodiesInMemory(adapter, bodyLimit);
  if (audit !== undefined) recordChanges(adapter, audit);
  const negotiatesAnswers = definition.negotiatesAnswers ?? false;
  if (negotiatesAnswers) adapter.getInstance().addHook('preHandler', refuseUnacceptableAnswer);
  const root = ServiceKitModule.around(definition.module(settings), { settings, logger, readiness, metrics, failures });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  created.app = app;
  app.useGlobalFilters(new ErrorFilter(logger, settings.MAX_BODY_BYTES, failures));
  app.useGlobalPipes(new SchemaValidationPipe());
  if (definition.openApi !== undefined) serveOpenApi(app, definition.openApi, { negotiatesAnswers });
  definition.configure?.(app, settings);
  return app;
}

/** Otherwise a client that keeps its connection open after its last answer would hold up the shutdown. */
const closeConnectionsDuringShutdown = (adapter: FastifyAdapter, readiness: Readiness): void => {
  adapter.getInstance().addHook('onSend', (_request, reply, _payload, done) => {
    if (readiness.isShuttingDown) {
      void reply.header('Connection', 'close');
    }
    done();
  });
};

const partOf = <Part>(app: NestFastifyApplication | undefined, token: Type<Part>): Part => {
  if (app === undefined) throw new ServiceUnavailable('the service is starting; try again in a moment');
  return app.get(token, { strict: false });
};

interface GuardParts {
  readonly routes: KnownRoutes;
  readonly injector: Injector;
  readonly audit: AuditParts | undefined;
}

/** Whoever uses a service that asks nobody for a token. */
const UNGUARDED: Authenticated = { caller: Caller.SERVICE };

/**
 * What is decided before the body is read, in this order: whether it is a request at all, who makes it, whether there is a route, and
 * whether the caller may take it.
 */
const guardHook = <Schema extends typeof commonSettings>(
  definition: ServiceDefinition<Schema>,
  settings: z.infer<Schema>,
  { routes, injector, audit }: GuardParts,
): onRequestHookHandler => {
  const guard = definition.guard?.(settings, injector) ?? (() => UNGUARDED);
  const answeredFromHeaders = definition.answeredFromHeaders?.(settings) ?? {};
  const admit = (who: Authenticated, request: FastifyRequest, reply: FastifyReply): 'answered' | 'go on' => {
    rememberCaller(request, who);
    noteActor(who);
    routes.requireRoute(request);
    if (who.caller !== Caller.ANYONE) requirePermission(who.caller, request);
    const answer = request.method === 'POST' ? answeredFromHeaders[request.routeOptions.url ?? ''] : undefined;
    if (answer === undefined) return 'go on';
    void reply.code(200).headers(answer(who)).send();
    return 'answered';
  };
  return (request, reply, done) => {
    const proceed = (who: Authenticated): void => {
      if (admit(who, request, reply) === 'go on') done();
    };
    const refuse = (error: unknown): void => {
      const recorded = audit !== undefined && error instanceof NotPermitted ? recordRefusal(request, audit) : undefined;
      if (recorded === undefined) done(error as Error);
      else
        void recorded.then(() => {
          done(error as Error);
        });
    };
    try {
      requireServable(request.raw);
      const who = guard(request);
      if (who instanceof Promise) who.then(proceed).catch(refuse);
      else proceed(who);
    } catch (error) {
      refuse(error);
    }
  };
};
