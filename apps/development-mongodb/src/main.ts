import process from 'node:process';
import { runService } from '@keptn/service-kit';
import { developmentMongodb } from './app.module';
import { runStoreCommand } from './store-command';

const [command, folder] = process.argv.slice(2);
if (command === undefined) await runService(developmentMongodb);
else process.exitCode = await runStoreCommand(command, folder);
