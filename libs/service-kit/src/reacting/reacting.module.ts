import { type DynamicModule, type FactoryProvider, Global, Module, type ModuleMetadata } from '@nestjs/common';
import { type Logger } from 'pino';
import { LOGGER, SETTINGS } from '../service-kit.module';
import { urlSetting } from '../settings/settings';
import { EventLog } from './event-log';
import { EventReceiver } from './event-receiver';
import { EventReceiverController } from './event-receiver.controller';
import { FollowUps } from './follow-ups';
import { ReactionMetrics } from './reaction-metrics';
import { type GroupReactions, oneByOne, type Reactions, REACTIONS } from './reactions';

/** What a service that reacts reads from its environment beside its token; for `commonSettings.extend`. */
export const reactingSettings = {
  MONGODB_DATASTORE_URL: urlSetting.default('http://mongodb-datastore:8080'),
};

export interface ReactingSettings {
  readonly MONGODB_DATASTORE_URL: string;
  readonly KEPTN_API_TOKEN: string;
}

/** Gives every module of a service the {@link EventLog} and {@link FollowUps}. */
@Global()
@Module({})
export class EventLogModule {
  /** @param sender source of what the service sends, e.g. `lighthouse-service` */
  static connect(sender: string): DynamicModule {
    return {
      module: EventLogModule,
      providers: [
        {
          provide: EventLog,
          inject: [SETTINGS],
          useFactory: ({ MONGODB_DATASTORE_URL: url, KEPTN_API_TOKEN: token }: ReactingSettings) =>
            new EventLog({ url, token }),
        },
        {
          provide: FollowUps,
          inject: [EventLog, LOGGER],
          useFactory: (log: EventLog, logger: Logger) => new FollowUps(sender, log, logger),
        },
      ],
      exports: [EventLog, FollowUps],
    };
  }
}

type ReactionsFactory<Made> = Pick<FactoryProvider<Made>, 'useFactory'> & {
  readonly inject: NonNullable<FactoryProvider['inject']>;
} & Pick<ModuleMetadata, 'imports'>;

/** Receives events at `POST /`. Needs {@link EventLogModule} beside it. */
@Module({})
export class ReactingModule {
  /** @param reactions made from providers of the imported modules */
  static with({ useFactory, ...reactions }: ReactionsFactory<Reactions>): DynamicModule {
    // Nest gives the factory what `inject` names.
    const made = async (...providers: unknown[]) => oneByOne(await useFactory(...providers));
    return ReactingModule.withGroups({ ...reactions, useFactory: made });
  }

  /** Like {@link with}, for a service that reads once what the events of a context have in common. */
  static withGroups({ imports = [], inject, useFactory }: ReactionsFactory<GroupReactions>): DynamicModule {
    return {
      module: ReactingModule,
      imports,
      controllers: [EventReceiverController],
      providers: [EventReceiver, ReactionMetrics, { provide: REACTIONS, inject, useFactory }],
    };
  }
}
