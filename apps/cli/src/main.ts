import { run } from './command-line/run';

void run(process.argv.slice(2));
