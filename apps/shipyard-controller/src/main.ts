import { runService } from '@keptn/service-kit';
import { shipyardController } from './app.module';

await runService(shipyardController);
