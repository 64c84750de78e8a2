import { runService } from '@keptn/service-kit';
import { eventBroker } from './app.module';

await runService(eventBroker);
