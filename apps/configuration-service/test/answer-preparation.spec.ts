import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import mongoose, { type Connection } from 'mongoose';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { AnswerPreparation } from '../src/view/answer-preparation';
import { ProjectAnswers } from '../src/view/project-answers';
import { ProjectViewStore } from '../src/view/project-view.store';
import { ServiceAnswers } from '../src/view/service-answers';
import { ServiceViewStore } from '../src/view/service-view.store';
import { ViewChanges } from '../src/view/view-changes';
import {
  PROJECT_MODEL,
  type ProjectDocument,
  type ProjectModel,
  projectSchema,
  SERVICE_MODEL,
  type ServiceDocument,
  type ServiceModel,
  serviceSchema,
} from '../src/view/view.schema';
import { freshDatabase } from './started-service';

const PROJECT = 'large' as ProjectName;
const DEV = 'dev' as StageName;
const CREATED = '1606126530000000000';

let connection: Connection;
/** Commands of the database that fetched whole services. */
let fetches = 0;
let projects: ProjectViewStore;
let services: ServiceViewStore;
let answers: ProjectAnswers;
let preparation: AnswerPreparation;

beforeAll(async () => {
  const uri = `${inject('mongodbUri')}/${freshDatabase()}`;
  connection = await mongoose.createConnection(uri, { monitorCommands: true }).asPromise();
  connection.getClient().on('commandSucceeded', ({ commandName, reply }) => {
    const batch = (reply as { cursor?: { firstBatch?: object[] } }).cursor?.firstBatch ?? [];
    fetches += commandName === 'find' && batch.some((document) => 'serviceName' in document) ? 1 : 0;
  });
  const changes = new ViewChanges();
  const projectModel = connection.model<ProjectDocument, ProjectModel>(PROJECT_MODEL, projectSchema);
  const serviceModel = connection.model<ServiceDocument, ServiceModel>(SERVICE_MODEL, serviceSchema);
  projects = new ProjectViewStore(projectModel, changes);
  services = new ServiceViewStore(serviceModel, changes);
  answers = new ProjectAnswers(projects, new ServiceAnswers(services), changes);
  preparation = new AnswerPreparation(pino({ level: 'silent' }), answers);
  await projects.insert({ projectName: PROJECT, creationDate: CREATED, stages: [DEV] });
});
afterAll(async () => {
  await preparation.beforeApplicationShutdown();
  await connection.close();
});

it('reads what is new in a project, so that the first request need not', async () => {
  for (const name of ['carts', 'orders']) {
    await services.add(PROJECT, name as ServiceName, [{ stageName: DEV, creationDate: CREATED }]);
    fetches = 0;
    preparation.request([PROJECT]);
    await vi.waitFor(() => {
      expect(fetches).toBe(1);
    }, 10_000);
    const [answer] = await answers.of([PROJECT]);
    expect(answer?.stages).toContain(name);
    expect(fetches).toBe(1);
  }
});

it('goes on after a project that is gone', async () => {
  await services.add(PROJECT, 'payment' as ServiceName, [{ stageName: DEV, creationDate: CREATED }]);
  fetches = 0;
  preparation.request(['gone' as ProjectName, PROJECT]);
  await vi.waitFor(() => {
    expect(fetches).toBe(1);
  }, 10_000);
});
