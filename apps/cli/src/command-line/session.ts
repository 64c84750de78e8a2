import { Access } from '../api/access';
import { openConnection } from '../api/connection';
import { Configuration } from '../api/configuration';
import { ControlPlane } from '../api/control-plane';
import { EventBroker } from '../api/event-broker';
import { EventLog } from '../api/event-log';
import { HttpClient, type Request } from '../api/http-client';
import { Lighthouse } from '../api/lighthouse';
import { ShipyardController } from '../api/shipyard-controller';
import { warningsIn } from '../api/warnings';
import { type ActiveContext, findContext } from '../contexts/active-context';
import { ContextsFile } from '../contexts/contexts-file';
import { freshToken } from '../contexts/fresh-token';
import { type Environment } from '../environment';
import { DryRunEnd } from './dry-run';
import { Failure } from '../failures/failure';
import { type ProviderConnection } from '../sign-in/provider-request';
import { type Output } from '../output/output';
import { CLI_VERSION } from '../version';

/** The values of the flags that every command takes. */
export interface SessionOptions {
  readonly context: string | undefined;
  readonly caFile: string | undefined;
  readonly insecure: boolean;
  readonly verbose: boolean;
  readonly timeoutMs: number;
}

/** A control plane, as the commands use it. */
export interface Server {
  readonly endpoint: string;
  readonly client: HttpClient;
  readonly access: Access;
  readonly controlPlane: ControlPlane;
  readonly configuration: Configuration;
  readonly eventLog: EventLog;
  readonly eventBroker: EventBroker;
  readonly shipyardController: ShipyardController;
  readonly lighthouse: Lighthouse;
}

interface ConnectOptions {
  /** Show the first request that would change something, and end there. */
  readonly dryRun?: boolean;
  /** Ends its requests instead of {@link Session.signal}: for what is put right after Ctrl-C. */
  readonly signal?: AbortSignal;
}

/** One call of the command: where its output goes, and the control plane that it uses. */
export class Session {
  readonly contexts: ContextsFile;
  private readonly interruption = new AbortController();
  private readonly closers: (() => void)[] = [];

  constructor(
    readonly output: Output,
    readonly options: SessionOptions,
    readonly environment: Environment,
  ) {
    this.contexts = new ContextsFile(environment.configFolder);
  }

  /** Aborts at Ctrl-C and SIGTERM. */
  get signal(): AbortSignal {
    return this.interruption.signal;
  }

  /** With which an identity provider is asked. */
  get providerConnection(): ProviderConnection {
    return { mayUseProxy: this.environment.mayUseProxy, signal: this.signal };
  }

  /** Says why nothing happens. */
  readonly onSlow = (awaited: string): void => {
    this.output.waiting(awaited);
  };

  interrupt(): void {
    this.interruption.abort();
  }

  /** The context that the command uses: from the flags, the environment or the stored credentials. */
  findContext(): ActiveContext | undefined {
    return findContext(this.options.context, this.environment, this.contexts);
  }

  /**
   * @throws Failure when there are no credentials
   */
  async connect(options: ConnectOptions = {}): Promise<Server> {
    const context = this.findContext();
    if (context === undefined) {
      throw new Failure('notAuthenticated', 'This command requires to be authenticated. See "keptn auth" for details', {
        hint: 'Or set KEPTN_ENDPOINT and KEPTN_API_TOKEN.',
      });
    }
    return this.connectTo(context, options);
  }

  async connectTo(
    context: Omit<ActiveContext, 'origin'>,
    { dryRun = false, signal = this.signal }: ConnectOptions = {},
  ): Promise<Server> {
    const { endpoint, caFile, insecure = false } = context;
    const token = await freshToken(context, this.contexts, { ...this.providerConnection, signal });
    const { options, output } = this;
    const connection = await openConnection({
      endpoint,
      mayUseProxy: this.environment.mayUseProxy,
      caFile: options.caFile ?? caFile,
      insecure: options.insecure || insecure,
      signal,
    });
    this.closers.push(() => {
      connection.close();
    });
    const client = new HttpClient({
      endpoint,
      token,
      connection,
      signal,
      timeoutMs: options.timeoutMs,
      userAgent: `keptn-cli/${CLI_VERSION}`,
      onAnswer: (request, answer, milliseconds) => {
        if (options.verbose) {
          const status = answer.statusCode ?? 0;
          output.debug(`${request.method} ${endpoint}${request.path} ${status} ${Math.round(milliseconds)} ms`);
        }
        warningsIn(answer).forEach((warning) => {
          output.warn(warning);
        });
      },
      onSlow: this.onSlow,
      ...(dryRun && {
        onDryRun: (request: Request) => {
          throw new DryRunEnd(endpoint, request);
        },
      }),
    });
    return {
      endpoint,
      client,
      access: new Access(client),
      controlPlane: new ControlPlane(client),
      configuration: new Configuration(client),
      eventLog: new EventLog(client),
      eventBroker: new EventBroker(client),
      shipyardController: new ShipyardController(client),
      lighthouse: new Lighthouse(client),
    };
  }

  /** Closes everything that would keep the process alive. */
  close(): void {
    this.closers.forEach((close) => {
      close();
    });
  }
}
