import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { describe, expect, it } from 'vitest';
import { type ProjectStructure } from '../git/project-structure';
import { planRepair } from './repair-plan';
import { type ProjectDocument, type ServiceDocument } from './view.schema';

const project = 'p' as ProjectName;
const dev = 'dev' as StageName;
const prod = 'prod' as StageName;
const carts = 'carts' as ServiceName;
const orders = 'orders' as ServiceName;

const inGit: ProjectStructure = {
  project,
  creationDate: '1',
  shipyard: 'c2hpcHlhcmQ=',
  stages: [
    { stage: dev, services: [{ service: carts, creationDate: '2' }] },
    { stage: prod, services: [{ service: carts, creationDate: '3' }] },
  ],
};
const inView: ProjectDocument = {
  projectName: project,
  creationDate: '1',
  shipyard: 'c2hpcHlhcmQ=',
  stages: [dev, prod],
};
const cartsInView: ServiceDocument = {
  projectName: project,
  serviceName: carts,
  creationDate: '2',
  stages: { dev: { stageName: dev, creationDate: '2' }, prod: { stageName: prod, creationDate: '3' } },
};
const nothing = { addedServices: [], removedServices: [] };

describe('the plan to repair the view', () => {
  it('is empty when the view shows what Git holds', () => {
    expect(planRepair(inGit, inView, [cartsInView])).toEqual(nothing);
  });

  it('inserts a project with all that it has', () => {
    expect(planRepair(inGit, undefined, [])).toEqual({
      insert: inView,
      addedServices: [
        {
          service: carts,
          stages: [
            { stageName: dev, creationDate: '2' },
            { stageName: prod, creationDate: '3' },
          ],
        },
      ],
      removedServices: [],
    });
  });

  it("keeps the view's order of stages, drops those that are gone and appends new ones", () => {
    const view = { ...inView, stages: ['gone' as StageName, prod] };
    expect(planRepair(inGit, view, [cartsInView]).stages).toEqual([prod, dev]);
  });

  it('takes the shipyard from Git, also when there is none any more', () => {
    expect(planRepair(inGit, { ...inView, shipyard: 'b2xk' }, [cartsInView]).shipyard).toEqual({
      content: inGit.shipyard,
    });
    const { project: name, creationDate, stages } = inGit;
    const without = { project: name, creationDate, stages };
    expect(planRepair(without, inView, [cartsInView]).shipyard).toEqual({ content: undefined });
  });

  it('adds and removes services stage by stage', () => {
    const view: ServiceDocument[] = [
      { ...cartsInView, stages: { dev: { stageName: dev, creationDate: '2' } } },
      { ...cartsInView, serviceName: orders },
    ];
    expect(planRepair(inGit, inView, view)).toEqual({
      addedServices: [{ service: carts, stages: [{ stageName: prod, creationDate: '3' }] }],
      removedServices: [{ service: orders, stages: [dev, prod] }],
    });
  });

  it('removes a service that is in no stage', () => {
    const empty = { ...cartsInView, serviceName: orders, stages: {} };
    expect(planRepair(inGit, inView, [cartsInView, empty]).removedServices).toEqual([{ service: orders, stages: [] }]);
  });
});
