import { accessGuard, IDENTITY_HEADER, Identities } from '@keptn/auth';
import { MongodbConnectionModule } from '@keptn/mongodb-connection';
import { parseJson } from '@keptn/event-models';
import { type RequestGuard, type ServiceDefinition, Unauthenticated } from '@keptn/service-kit';
import { type DynamicModule, Module } from '@nestjs/common';
import { AuditLog } from './audit/audit-log';
import { AuditModule } from './audit/audit.module';
import { WrongTokens } from './audit/wrong-tokens';
import { AuthModule } from './auth/auth.module';
import { ConfigModule } from './config/config.module';
import { ControlPlaneModule } from './control-plane/control-plane.module';
import { EvaluationModule } from './evaluation/evaluation.module';
import { EventModule } from './event/event.module';
import { IdentityProviderModule } from './identity-provider/identity-provider.module';
import { SignedIn } from './identity-provider/signed-in';
import { MetadataModule } from './metadata/metadata.module';
import { ExecutionPlaneModule } from './execution-plane/execution-plane.module';
import { openApi } from './openapi';
import { ProjectModule } from './project/project.module';
import { ServiceModule } from './service/service.module';
import { type ApiServiceSettings, apiServiceSettings } from './settings';
import { SystemModule } from './system/system.module';
import { TokenHolders } from './token/token-holders';
import { TokenModule } from './token/token.module';
import { WebsocketModule } from './websocket/websocket.module';

@Module({
  imports: [
    AuthModule,
    AuditModule,
    TokenModule,
    IdentityProviderModule,
    MetadataModule,
    SystemModule,
    ProjectModule,
    ServiceModule,
    EventModule,
    EvaluationModule,
    ConfigModule,
    ExecutionPlaneModule,
    WebsocketModule,
  ],
})
class AppModule {
  static with(settings: ApiServiceSettings): DynamicModule {
    return {
      module: AppModule,
      imports: [MongodbConnectionModule.connect(settings.MONGODB_URI), ControlPlaneModule.connect(settings)],
    };
  }
}

/** The public verbs of the control plane: turns them into calls of configuration-service and events in the log. */
export const apiService: ServiceDefinition<typeof apiServiceSettings> = {
  name: 'api-service',
  openApi,
  settings: apiServiceSettings,
  module: (settings) => AppModule.with(settings),
  // The one service that always asks for the token: the gateway has it verify every request.
  guard: ({ KEPTN_API_TOKEN }, injector) => {
    const guard = accessGuard(
      { KEPTN_API_TOKEN, TRUSTED_NETWORK: false },
      async (token) => (await injector.get(TokenHolders).holderOf(token)) ?? injector.get(SignedIn).holderOf(token),
    );
    return recordingFailures(guard, () => injector.get(WrongTokens));
  },
  audit: (_settings, { injector }) => ({
    begin: (entry) => injector.get(AuditLog).begin(entry),
    end: (result) => injector.get(AuditLog).end(result),
  }),
  answeredFromHeaders: ({ KEPTN_API_TOKEN }) => {
    const identities = new Identities(KEPTN_API_TOKEN);
    return { '/v1/auth': ({ caller }) => ({ [IDENTITY_HEADER]: identities.sign(caller) }) };
  },
  negotiatesAnswers: true,
  parseBody: parseJson,
};

/** A token that had to be looked up and is wrong was a try to log in; one that is missing was not. */
const recordingFailures =
  (guard: RequestGuard, failures: () => WrongTokens): RequestGuard =>
  (request) => {
    const who = guard(request);
    if (!(who instanceof Promise)) return who;
    return who.catch((error: unknown) => {
      if (error instanceof Unauthenticated) failures().add(request);
      throw error;
    });
  };
