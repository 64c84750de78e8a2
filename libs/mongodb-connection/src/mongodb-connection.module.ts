import { setTimeout as delay } from 'node:timers/promises';
import { KnownFailures, LOGGER, Readiness } from '@keptn/service-kit';
import {
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { getConnectionToken, InjectConnection } from '@nestjs/mongoose';
import mongoose, { type Connection, mongo } from 'mongoose';
import { type Logger } from 'pino';
import { createIndexes } from './create-indexes';
import { describeDatabaseError } from './database-error';

const CONNECTION_STRING = Symbol('CONNECTION_STRING');

/** Pause between two attempts to connect for the first time, or to make the indexes, in milliseconds; later losses are the driver's to mend. */
const RETRY_DELAY_MS = 1_000;

const CLIENT_OPTIONS: mongo.MongoClientOptions = {
  // How long one operation looks for a usable server before it fails.
  serverSelectionTimeoutMS: 5_000,
  // An answered write survives a crash, and the loss of one member of a replica set.
  writeConcern: { w: 'majority', journal: true },
};

/**
 * How often the driver looks whether a pool has enough connections, in milliseconds. Its own 100 were most of what woke a system at
 * rest. The driver reads this, and takes it from no caller.
 */
const POOL_CHECK = { minPoolSizeCheckFrequencyMS: 60_000 };

/**
 * The service's connection to MongoDB, for `MongooseModule.forFeature`. It is opened in the background, so that a service
 * whose database is down starts, says so on `/ready` and answers 503, instead of ending again and again. The indexes that
 * the schemas declare are made as soon as it is open.
 */
@Global()
@Module({})
export class MongodbConnectionModule implements OnModuleInit, OnApplicationShutdown {
  private isClosing = false;
  private isPrepared = false;

  /** @param uri connection string with the name of the database */
  static connect(uri: string): DynamicModule {
    return {
      module: MongodbConnectionModule,
      providers: [
        { provide: CONNECTION_STRING, useValue: uri },
        { provide: getConnectionToken(), useFactory: newConnection },
      ],
      exports: [getConnectionToken()],
    };
  }

  constructor(
    @InjectConnection() private readonly connection: Connection,
    @Inject(CONNECTION_STRING) private readonly uri: string,
    @Inject(LOGGER) private readonly logger: Logger,
    readiness: Readiness,
    failures: KnownFailures,
  ) {
    failures.add(describeDatabaseError);
    readiness.add('mongodb', () => this.ping());
  }

  onModuleInit(): void {
    void this.open();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    await this.connection.close();
  }

  private async open(): Promise<void> {
    const client = await this.untilItWorks(() => connect(this.uri));
    if (client === undefined) return;
    if (this.isClosing) {
      await client.close();
      return;
    }
    this.connection.setClient(client);
    const models = Object.values(this.connection.models);
    const prepared = await this.untilItWorks(() => Promise.all(models.map(createIndexes)));
    if (prepared === undefined) return;
    this.isPrepared = true;
    this.logger.info('connected to MongoDB');
  }

  /** @returns undefined when the service has ended before */
  private async untilItWorks<Result>(attempt: () => Promise<Result>): Promise<Result | undefined> {
    while (!this.isClosing) {
      try {
        return await attempt();
      } catch (error) {
        this.logger.warn(
          { reason: error instanceof Error ? error.message : String(error) },
          'MongoDB cannot be used, trying again',
        );
        await delay(RETRY_DELAY_MS, undefined, { ref: false });
      }
    }
    return undefined;
  }

  private async ping(): Promise<void> {
    if (!this.isPrepared || this.connection.db === undefined) {
      throw new Error('not connected');
    }
    await this.connection.db.admin().ping();
  }
}

/** Before it is open an operation fails at once instead of waiting without an end. */
const newConnection = (): Connection => mongoose.set('bufferCommands', false).createConnection();

async function connect(uri: string): Promise<mongo.MongoClient> {
  const client = new mongo.MongoClient(uri, CLIENT_OPTIONS);
  if (client.options.minPoolSize === 0) Object.assign(client.options, POOL_CHECK);
  try {
    return await client.connect();
  } catch (error) {
    await client.close();
    throw error;
  }
}
