import {
  BranchExists,
  BranchNotFound,
  CommitNotFound,
  DefaultBranchRequired,
  InvalidPath,
  PathConflict,
  ReferenceLocked,
  RepositoryDamaged,
  RepositoryExists,
  RepositoryNotFound,
  StorageFailed,
  StorageFull,
  StoreClosed,
} from '@keptn/git-store';
import { ServiceError } from '@keptn/service-kit';
import { describe, expect, it } from 'vitest';
import { toDomainError } from './git-failure';

describe('a refusal of the Git store', () => {
  it.each([
    [new RepositoryNotFound('p'), 404, 'Project not found'],
    [new BranchNotFound('dev'), 404, 'Stage not found'],
    [new BranchNotFound('master'), 404, 'Project not found'],
    [new CommitNotFound('abc'), 404, 'commit abc not found in this project'],
    [new RepositoryExists('p'), 409, 'Project already exists'],
    [new BranchExists('dev'), 409, 'Stage already exists'],
    [new InvalidPath('bad'), 400, 'bad'],
    [new PathConflict('a/b', 'the file a'), 400, 'a/b cannot be written because the file a stands in its way'],
    [new ReferenceLocked('/secret/path.lock'), 503, 'the Git repositories cannot be used at the moment'],
    [
      new RepositoryDamaged({ subject: 'HEAD', location: '/secret/HEAD' }),
      503,
      'HEAD is missing or unreadable; restore',
    ],
    [new StorageFull(), 507, 'free space, then repeat it'],
    [new StorageFailed(), 503, 'read-only or fails'],
    [new StoreClosed(), 503, 'the Git repositories cannot be used at the moment'],
  ])('%s is told as %i', (refusal, status, message) => {
    const told = toDomainError(refusal) as ServiceError;
    expect(told).toBeInstanceOf(ServiceError);
    expect(told.status).toBe(status);
    expect(told.message).toContain(message);
    expect(told.message).not.toContain('/secret');
  });

  it('of a commit has a reason of its own', () => {
    expect(toDomainError(new CommitNotFound('abc'))).toMatchObject({ reason: 'COMMIT_NOT_FOUND' });
  });

  it.each([new DefaultBranchRequired('master'), new Error('other')])(
    'stays a defect when nobody but us can do something about it: %s',
    (error) => {
      expect(toDomainError(error)).toBe(error);
    },
  );
});
