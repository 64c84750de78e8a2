import { runService } from '@keptn/service-kit';
import { mongodbDatastore } from './app.module';

await runService(mongodbDatastore);
