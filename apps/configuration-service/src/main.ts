import { runService } from '@keptn/service-kit';
import { configurationService } from './app.module';

await runService(configurationService);
