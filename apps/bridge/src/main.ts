import { runService } from '@keptn/service-kit';
import { bridge } from './app.module';

await runService(bridge);
