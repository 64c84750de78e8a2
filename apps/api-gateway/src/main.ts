import { runService } from '@keptn/service-kit';
import { apiGateway } from './app.module';

await runService(apiGateway);
