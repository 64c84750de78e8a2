import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AdoptedRepository,
  type GitStore,
  InvalidUpstream,
  type ObjectId,
  type Repository,
  Upstream,
  UpstreamConflict,
  UpstreamRefused,
  UpstreamUnreachable,
  upstreamRemote,
} from '../src/index';
import { createProject, fsck, git, openStore, put } from './store-fixture';
import { ForeignRepository } from './upstream-fixture';

const NONE: ReadonlySet<string> = new Set();
const LINES = 'one: 1\ntwo: 2\nthree: 3\nfour: 4\nfive: 5\n';

describe('an upstream', () => {
  let store: GitStore;
  let project: Repository;
  let foreign: ForeignRepository;
  let upstream: Upstream;

  beforeEach(async () => {
    store = await openStore();
    project = await createProject(store);
    foreign = await ForeignRepository.create();
    upstream = await Upstream.open(project, foreign.remote);
    await project.commit('dev', { changes: [put('values.yaml', LINES)], message: 'Added values' });
    await upstream.push(NONE);
  });

  const write = (path: string, content: string) =>
    project.commit('dev', { changes: [put(path, content)], message: `Changed ${path}` });
  const read = async (path: string) => (await project.readFile({ branch: 'dev', path })).content.toString();
  const sync = async () => {
    await upstream.fetch();
    const outcome = await upstream.integrate();
    await upstream.push(new Set(outcome.conflicts.map(({ branch }) => branch)));
    return outcome;
  };

  it('gets every branch, and is in sync then', async () => {
    expect(upstream.isInSync()).toBe(true);
    expect(await foreign.git('for-each-ref', '--format=%(refname:short)')).toBe('dev\nmaster\nprod');
    await write('more.yaml', 'more');
    expect(upstream.isInSync()).toBe(false);
    expect(await upstream.distance()).toEqual({ ahead: 1, behind: 0 });
  });

  it('is known again after a restart without asking it', async () => {
    await write('more.yaml', 'more');
    const reopened = await Upstream.open(project, foreign.remote);
    expect(reopened.isInSync()).toBe(false);
    await reopened.push(NONE);
    expect((await Upstream.open(project, foreign.remote)).isInSync()).toBe(true);
  });

  it('brings what a person pushed', async () => {
    await foreign.change('dev', { 'person.yaml': 'hello' });
    await upstream.fetch();
    expect(await upstream.distance()).toEqual({ ahead: 0, behind: 1 });
    expect(await upstream.integrate()).toEqual({ moved: ['dev'], conflicts: [] });
    expect(await read('person.yaml')).toBe('hello');
    expect(project.head('dev')).toBe(await foreign.git('rev-parse', 'dev'));
  });

  it('gets our unpushed commits on top of those of a person, one by one, with their authors and messages', async () => {
    await foreign.change('dev', { 'person.yaml': 'hello', 'values.yaml': LINES.replace('five: 5', 'five: 50') });
    await write('ours.yaml', 'ours');
    await write('values.yaml', LINES.replace('one: 1', 'one: 10'));
    expect(await upstream.push(NONE)).toBe(false);
    expect((await sync()).moved).toEqual(['dev']);
    expect(await foreign.git('log', '--format=%s %an', '-3', 'dev')).toBe(
      'Changed values.yaml keptn\nChanged ours.yaml keptn\nby hand person',
    );
    expect(await foreign.read('dev', 'values.yaml')).toBe(
      LINES.replace('one: 1', 'one: 10').replace('five: 5', 'five: 50').trim(),
    );
    expect(upstream.isInSync()).toBe(true);
    await fsck(project);
  });

  it('leaves every version readable that was acknowledged, also after its commit was made anew', async () => {
    await foreign.change('dev', { 'person.yaml': 'hello' });
    const versions = [(await write('ours.yaml', '1')).commit, (await write('ours.yaml', '2')).commit];
    await sync();
    expect(versions).not.toContain(project.head('dev'));
    await git(project, 'reflog', 'expire', '--expire=now', '--all');
    await git(project, 'gc', '--prune=now', '--quiet');
    const contents = versions.map((commit) => project.readFile({ commit, path: 'ours.yaml' }));
    expect((await Promise.all(contents)).map(({ content }) => content.toString())).toEqual(['1', '2']);
    expect(await Promise.all(versions.map((commit) => project.wasAt('dev', commit)))).toEqual([true, true]);
    expect(await project.wasAt('prod', versions[0] as ObjectId)).toBe(false);
  });

  it('has no former versions of a branch that was deleted', async () => {
    await foreign.change('dev', { 'person.yaml': 'hello' });
    await write('ours.yaml', '1');
    await sync();
    await project.deleteBranch('dev');
    expect(await git(project, 'for-each-ref', 'refs/keptn')).toBe('');
  });

  it('drops a commit of ours that a person made as well', async () => {
    await foreign.change('dev', { 'same.yaml': 'same' });
    await write('same.yaml', 'same');
    await sync();
    expect(project.head('dev')).toBe(await foreign.git('rev-parse', 'dev'));
    expect(await foreign.git('log', '-1', '--format=%s', 'dev')).toBe('by hand');
  });

  it('keeps both sides of a conflict and names the files', async () => {
    await foreign.change('dev', { 'values.yaml': LINES.replace('one: 1', 'one: theirs') });
    await write('values.yaml', LINES.replace('one: 1', 'one: ours'));
    const ours = project.head('dev');
    const theirs = await foreign.git('rev-parse', 'dev');
    const { conflicts } = await sync();
    expect(conflicts).toEqual([expect.any(UpstreamConflict)]);
    expect(conflicts[0]).toMatchObject({ branch: 'dev', paths: ['values.yaml'] });
    expect(project.head('dev')).toBe(ours);
    expect(await foreign.git('rev-parse', 'dev')).toBe(theirs);
    expect(await upstream.distance()).toEqual({ ahead: 1, behind: 1 });
  });

  it('keeps a file that one side changed and the other deleted, as a conflict', async () => {
    await foreign.change('dev', { 'values.yaml': null });
    await write('values.yaml', 'ours');
    expect((await sync()).conflicts[0]?.paths).toEqual(['values.yaml']);
    expect(await read('values.yaml')).toBe('ours');
  });

  it('lets other branches go on while one conflicts', async () => {
    await foreign.change('dev', { 'values.yaml': 'theirs' });
    await write('values.yaml', 'ours');
    await project.commit('prod', { changes: [put('prod.yaml', 'prod')], message: 'prod' });
    await sync();
    expect(await foreign.read('prod', 'prod.yaml')).toBe('prod');
  });

  it('ends a conflict when a later write gives the file the content of the other side', async () => {
    await foreign.change('dev', { 'values.yaml': 'theirs', 'other.yaml': 'other' });
    const { commit } = await write('values.yaml', 'ours');
    await sync();
    await write('values.yaml', 'theirs');
    await write('later.yaml', 'later');
    expect((await sync()).conflicts).toEqual([]);
    expect(upstream.isInSync()).toBe(true);
    expect(await foreign.read('dev', 'later.yaml')).toBe('later');
    expect(await read('other.yaml')).toBe('other');
    // Both histories are kept.
    expect(await git(project, 'merge-base', '--is-ancestor', commit, 'dev')).toBe('');
    await fsck(project);
  });

  it('ends a conflict also when somebody took the other side over and went on from there', async () => {
    await foreign.change('dev', { 'values.yaml': 'theirs' });
    await write('values.yaml', 'ours');
    await sync();
    await write('values.yaml', 'theirs');
    await write('values.yaml', 'ours in the end');
    expect((await sync()).conflicts).toEqual([]);
    expect(await foreign.read('dev', 'values.yaml')).toBe('ours in the end');
    expect(await read('values.yaml')).toBe('ours in the end');
    await fsck(project);
  });

  it('loses no write that is made while commits are joined', async () => {
    await foreign.change('dev', { 'person.yaml': 'hello' });
    await write('first.yaml', 'first');
    await upstream.fetch();
    const writes = Array.from({ length: 20 }, (_, index) => write(`file-${index}.yaml`, 'x'));
    await Promise.all([upstream.integrate(), ...writes]);
    await sync();
    const files = await project.list({ branch: 'dev' });
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['first.yaml', 'person.yaml', 'file-19.yaml']),
    );
    expect(files.filter(({ path }) => path.startsWith('file-'))).toHaveLength(20);
    expect(upstream.isInSync()).toBe(true);
  });

  it('stores nothing of the upstream in the configuration of the repository', async () => {
    await sync();
    expect(await readFile(join(project.folder, 'config'), 'utf8')).not.toContain('upstream');
  });

  it('says what the upstream says when it takes no commits', async () => {
    await foreign.hook('pre-receive', 'echo "no changes on Fridays" >&2; exit 1');
    await write('more.yaml', 'more');
    await expect(upstream.push(NONE)).rejects.toThrow(UpstreamRefused);
    expect(upstream.isInSync()).toBe(false);
  });

  it('can be a repository that holds the project already, but none with another history', async () => {
    const other = await ForeignRepository.create();
    await Upstream.check(project, other.remote);
    await other.change('master', { 'unrelated.yaml': 'x' });
    await expect(Upstream.check(project, other.remote)).rejects.toThrow(InvalidUpstream);
    await Upstream.check(project, foreign.remote);
    expect(await foreign.git('for-each-ref', '--format=%(refname:short)')).toBe('dev\nmaster\nprod');
  });

  it('is unreachable when nobody listens', async () => {
    const remote = upstreamRemote({ url: 'http://127.0.0.1:1/p.git', user: 'me', token: 'secret', folder: '/tmp' });
    await expect(Upstream.check(project, remote)).rejects.toThrow(UpstreamUnreachable);
  });
});

describe('a repository that is published', () => {
  let project: Repository;
  let foreign: ForeignRepository;

  beforeEach(async () => {
    project = await createProject(await openStore());
    foreign = await ForeignRepository.create();
  });

  it.each(['master', 'main', 'trunk'])('can be cloned from an empty upstream whose HEAD is %s', async (head) => {
    await foreign.git('symbolic-ref', 'HEAD', `refs/heads/${head}`);
    await Upstream.publish(project, foreign.remote);
    expect(await foreign.git('rev-parse', 'HEAD')).toBe(project.head('master'));
    expect(await readdir(project.folder)).not.toContain('tmp_clone');
  });

  it('adds no branch to an upstream that clones already', async () => {
    await foreign.git('symbolic-ref', 'HEAD', 'refs/heads/dev');
    await Upstream.publish(project, foreign.remote);
    expect(await foreign.git('for-each-ref', '--format=%(refname:short)')).toBe('dev\nmaster\nprod');
  });

  it.each([
    ['all branches', 'pre-receive', 'echo "GL-HOOK-ERR: protected" >&2; exit 1', 'dev: '],
    [
      'one branch',
      'update',
      '[ $1 != refs/heads/prod ] || { echo "GL-HOOK-ERR: protected" >&2; exit 1; }',
      'of prod: ',
    ],
  ])('leaves nothing behind where %s are refused, and says why', async (_which, hook, script, branch) => {
    await foreign.hook(hook, script);
    const publishing = Upstream.publish(project, foreign.remote);
    await expect(publishing).rejects.toThrow(UpstreamRefused);
    await expect(publishing).rejects.toThrow(branch);
    await expect(publishing).rejects.toThrow(/hook declined\).*; it says: GL-HOOK-ERR: protected/);
    await expect(publishing).rejects.not.toThrow('atomic push fail');
    expect(await foreign.git('for-each-ref')).toBe('');
  });

  it('goes branch by branch to a server that cannot take them together', async () => {
    await foreign.git('config', 'receive.advertiseAtomic', 'false');
    await Upstream.publish(project, foreign.remote);
    expect(await foreign.git('for-each-ref', '--format=%(refname:short)')).toBe('dev\nmaster\nprod');
  });
});

describe('a repository from an upstream', () => {
  it('starts with its branches, and is there completely or not at all', async () => {
    const store = await openStore();
    const foreign = await ForeignRepository.create();
    await foreign.change('main', { 'a.yaml': 'a' });
    await foreign.change('dev', { 'b.yaml': 'b' });
    await foreign.git('symbolic-ref', 'HEAD', 'refs/heads/main');
    const plan: AdoptedRepository = {
      remote: foreign.remote,
      defaultBranch: 'master',
      branches: ({ branches, defaultBranch = '' }) => {
        const [main, dev] = [branches.get(defaultBranch), branches.get('dev')];
        if (main === undefined || dev === undefined) throw new Error('a branch is missing');
        return Promise.resolve([
          { branch: 'master', at: main.commit.id },
          { branch: 'dev', at: dev.commit.id },
          { branch: 'new', from: 'master', changes: [put('c.yaml', 'c')] },
        ]);
      },
    };
    await store.checkRepository('p', plan);
    expect(store.repositories()).toEqual([]);
    const refusal = new Error('not this one');
    await expect(store.createRepository('p', { ...plan, branches: () => Promise.reject(refusal) })).rejects.toBe(
      refusal,
    );
    const repository = await store.createRepository('p', plan);
    expect(repository.branches()).toEqual(['dev', 'master', 'new']);
    expect((await repository.readFile({ branch: 'master', path: 'a.yaml' })).content.toString()).toBe('a');
    await fsck(repository);
    const upstream = await Upstream.open(repository, foreign.remote);
    await upstream.push(NONE);
    expect(await foreign.read('new', 'c.yaml')).toBe('c');
  });
});
