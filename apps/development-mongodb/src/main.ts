import { runService } from '@keptn/service-kit';
import { developmentMongodb } from './app.module';

await runService(developmentMongodb);
