import { runService } from '@keptn/service-kit';
import { apiService } from './app.module';

await runService(apiService);
