import { runService } from '@keptn/service-kit';
import { lighthouseService } from './app.module';

await runService(lighthouseService);
