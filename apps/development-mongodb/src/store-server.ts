import { join } from 'node:path';
import { type EmbeddedMongodb, startEmbeddedMongodb } from '@keptn/embedded-mongodb';
import { LOGGER, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type Logger } from 'pino';
import { type DevelopmentMongodbSettings } from './settings';

/** Folder of the database in KEPTN_DATA_DIR, as under `npm start`. */
const STORE_FOLDER = 'mongodb';

/** Serves the store to drivers for as long as the service runs. It asks nobody for a password. */
@Injectable()
export class StoreServer implements OnModuleInit, OnApplicationShutdown {
  private store: EmbeddedMongodb | undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: DevelopmentMongodbSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    const { KEPTN_DATA_DIR, HOST, MONGODB_PORT } = this.settings;
    this.store = await startEmbeddedMongodb({
      folder: join(KEPTN_DATA_DIR, STORE_FOLDER),
      host: HOST,
      port: MONGODB_PORT,
      logger: {
        error: (message, error) => {
          this.logger.error({ err: error }, message);
        },
      },
    });
    this.logger.warn(
      { uri: this.store.uri('keptn') },
      'a database for development: no password, one copy of the data; let nobody but the services reach it',
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store?.close();
  }
}
