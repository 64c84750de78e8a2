/**
 * What grows: the memory and the loose objects of configuration-service under long use, and its times with a large
 * project. Build first (`npx nx run-many -t build`).
 *
 *   node tools/bench/resources-growth.mjs [--reads 100000] [--commits 10000]
 *                                         [--stages 50] [--services 500] [--resources 2]
 *
 * Ends with 1 when something grows that should not.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { makeLargeProject } from './large-project.mjs';
import { growMemory } from './memory-growth.mjs';
import { ServiceUnderTest } from './service-under-test.mjs';

const HELP = `usage: node tools/bench/resources-growth.mjs [options]
  --reads N      in ten steps, while the memory is watched (100000); 0 leaves this part out
  --commits N    in the same steps (10000)
  --stages N     of the large project (50); 0 leaves this part out
  --services N   of the large project, each in all stages (500)
  --resources N  of each service in each stage (2)
  --cpu-prof     leaves CPU profiles of the service in the current folder
Numbers of reads, commits and services are multiples of 10.`;

const { values } = parseArgs({
  options: {
    reads: { type: 'string', default: '100000' },
    commits: { type: 'string', default: '10000' },
    stages: { type: 'string', default: '50' },
    services: { type: 'string', default: '500' },
    resources: { type: 'string', default: '2' },
    'cpu-prof': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const amount = { reads: Number(values.reads), commits: Number(values.commits) };
const size = {
  stages: Number(values.stages),
  services: Number(values.services),
  resources: Number(values.resources),
};
const nodeOptions = values['cpu-prof'] ? ['--cpu-prof', `--cpu-prof-dir=${process.cwd()}`] : [];

/** @param {(subject: ServiceUnderTest) => Promise<string[]>} measure @returns {Promise<string[]>} */
async function withService(measure) {
  const subject = new ServiceUnderTest(nodeOptions);
  try {
    return await measure(subject);
  } finally {
    await subject.dispose();
  }
}

const complaints = [
  ...(amount.reads > 0 ? await withService((subject) => growMemory(subject, amount)) : []),
  ...(size.stages > 0 ? await withService((subject) => makeLargeProject(subject, size)) : []),
];
complaints.forEach((complaint) => console.error(complaint));
process.exitCode = complaints.length === 0 ? 0 : 1;
