import { z } from 'zod';
import { route } from '../contract/route';
import { serviceNames } from '../names';
import { approval, newApproval, newRemediation, remediation } from './open-item.models';
import { pageFields, pageQuery } from './page';

const APPROVALS = 'Approvals';
const REMEDIATIONS = 'Remediations';

const KEY_LIMIT = 1024;
const eventId = z.string().min(1).max(KEY_LIMIT).meta({
  description: 'eventId of the approval',
  example: '6de83495-4f83-481c-8dbe-fcceb2e0243b',
});
const keptnContext = z.string().min(1).max(KEY_LIMIT).meta({
  description: 'Keptn context of the remediation',
  example: 'a3e5f16d-8888-4720-82c7-6995062905c1',
});
const approvalNames = serviceNames.extend({ eventId });
const remediationNames = serviceNames.extend({ keptnContext });

const approvals = z.object({ ...pageFields, approvals: z.array(approval) }).meta({ id: 'Approvals' });
const remediations = z.object({ ...pageFields, remediations: z.array(remediation) }).meta({ id: 'Remediations' });

export const listApprovals = route({
  method: 'GET',
  path: '/v1/project/{project}/stage/{stage}/service/{service}/approval',
  scope: 'event:read',
  tag: APPROVALS,
  summary: 'List the open approvals of a service',
  parameters: serviceNames,
  query: pageQuery,
  answers: { 200: { description: 'One page, oldest first', body: approvals } },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const openApproval = route({
  method: 'POST',
  path: '/v1/project/{project}/stage/{stage}/service/{service}/approval',
  scope: 'event:write',
  tag: APPROVALS,
  summary: 'Open an approval',
  description: 'An approval whose eventId is open already is stored once.',
  parameters: serviceNames,
  body: newApproval,
  answers: { 200: { description: 'The approval is open' } },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const getApproval = route({
  method: 'GET',
  path: '/v1/project/{project}/stage/{stage}/service/{service}/approval/{eventId}',
  scope: 'event:read',
  tag: APPROVALS,
  summary: 'Get an open approval',
  parameters: approvalNames,
  answers: { 200: { description: 'The approval', body: approval } },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_NOT_FOUND', 'APPROVAL_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const closeApproval = route({
  method: 'DELETE',
  path: '/v1/project/{project}/stage/{stage}/service/{service}/approval/{eventId}',
  scope: 'event:write',
  tag: APPROVALS,
  summary: 'Close an approval',
  parameters: approvalNames,
  answers: { 200: { description: 'The approval is closed' } },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_NOT_FOUND', 'APPROVAL_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const listRemediations = route({
  method: 'GET',
  path: '/v1/project/{project}/stage/{stage}/service/{service}/remediation',
  scope: 'event:read',
  tag: REMEDIATIONS,
  summary: 'List the open remediations of a service',
  parameters: serviceNames,
  query: pageQuery,
  answers: { 200: { description: 'One page, oldest first', body: remediations } },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const openRemediation = route({
  method: 'POST',
  path: '/v1/project/{project}/stage/{stage}/service/{service}/remediation',
  scope: 'event:write',
  tag: REMEDIATIONS,
  summary: 'Open a remediation',
  description: 'A remediation whose eventId is open already is stored once.',
  parameters: serviceNames,
  body: newRemediation,
  answers: { 200: { description: 'The remediation is open' } },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const listRemediationsOfContext = route({
  method: 'GET',
  path: '/v1/project/{project}/stage/{stage}/service/{service}/remediation/{keptnContext}',
  scope: 'event:read',
  tag: REMEDIATIONS,
  summary: 'List the open remediations of a Keptn context',
  parameters: remediationNames,
  query: pageQuery,
  answers: { 200: { description: 'One page, possibly empty', body: remediations } },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const closeRemediations = route({
  method: 'DELETE',
  path: '/v1/project/{project}/stage/{stage}/service/{service}/remediation/{keptnContext}',
  scope: 'event:write',
  tag: REMEDIATIONS,
  summary: 'Close all remediations of a Keptn context',
  parameters: remediationNames,
  answers: { 200: { description: 'The remediations are closed' } },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_NOT_FOUND', 'REMEDIATION_NOT_FOUND', 'VIEW_NOT_READY'],
});
