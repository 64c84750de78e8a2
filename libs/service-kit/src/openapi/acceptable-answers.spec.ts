import { route } from '@keptn/api-models';
import { Body, Controller, Header, Module, Param } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commonSettings, Route, type RunningService, startService } from '../index';

const note = z.object({ text: z.string() }).meta({ id: 'Note' });

const deleted: string[] = [];

const ofANote = { scope: 'system:read', tag: 'Notes', parameters: z.object({ name: z.string() }), errors: [] } as const;
const api = {
  read: route({
    ...ofANote,
    method: 'GET',
    path: '/notes/{name}',
    summary: 'Read a note',
    answers: { 200: { description: 'The note', body: note } },
  }),
  page: route({
    ...ofANote,
    method: 'GET',
    path: '/notes/{name}/page',
    summary: 'Read a note as a page',
    answers: { 200: { description: 'The note as a page', mediaType: 'text/html' } },
  }),
  create: route({
    scope: 'system:manage',
    tag: 'Notes',
    method: 'POST',
    path: '/notes',
    summary: 'Create a note',
    body: note,
    answers: { 201: { description: 'The note', body: note } },
    errors: [],
  }),
  remove: route({
    ...ofANote,
    method: 'DELETE',
    path: '/notes/{name}',
    summary: 'Delete a note',
    answers: { 200: { description: 'What was deleted', body: note } },
  }),
  archive: route({
    ...ofANote,
    method: 'POST',
    path: '/notes/{name}/archive',
    summary: 'Archive a note',
    answers: { 204: { description: 'It is archived' } },
  }),
};

@Controller()
class NotesController {
  @Route(api.read)
  read(): z.infer<typeof note> {
    return { text: 'hello' };
  }

  @Route(api.page)
  @Header('Content-Type', 'text/html')
  page(): string {
    return '<p>hello</p>';
  }

  @Route(api.create)
  create(@Body({ schema: note }) body: z.infer<typeof note>): z.infer<typeof note> {
    return body;
  }

  @Route(api.remove)
  delete(@Param('name') name: string): z.infer<typeof note> {
    deleted.push(name);
    return { text: 'hello' };
  }

  @Route(api.archive)
  archive(): void {
    return;
  }
}

@Module({ controllers: [NotesController] })
class NotesModule {}

const start = (negotiatesAnswers: boolean) =>
  startService(
    {
      name: 'notes',
      openApi: { title: 'notes', description: 'A service for these tests', tags: [] },
      settings: commonSettings,
      module: () => NotesModule,
      negotiatesAnswers,
    },
    { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent' },
  );

let service: RunningService;
let indifferent: RunningService;

beforeAll(async () => {
  [service, indifferent] = await Promise.all([start(true), start(false)]);
});

afterAll(() => Promise.all([service.close(), indifferent.close()]));

const call = async (method: string, path: string, accept: string, { url } = service) => {
  const body = path === '/notes' ? '{"text":"hello"}' : null;
  const headers = { accept, ...(body !== null && { 'content-type': 'application/json' }) };
  const response = await fetch(url + path, { method, headers, body });
  return { status: response.status, text: await response.text() };
};

describe('a service that negotiates its answers', () => {
  it.each([
    ['GET', '/notes/a', 'application/json', 200],
    ['GET', '/notes/a', 'text/html', 406],
    ['GET', '//notes/a/', 'text/html', 406],
    ['HEAD', '/notes/a', 'text/html', 406],
    ['GET', '/notes/a/page', 'text/html', 200],
    ['GET', '/notes/a/page', 'application/json', 406],
    ['GET', '/nowhere', 'text/html', 404],
    ['PUT', '/notes/a', 'text/html', 405],
  ])('answers %s %s to those who accept %s with %d', async (method, path, accept, status) => {
    expect((await call(method, path, accept)).status).toBe(status);
  });

  it('says in which form there is an answer, and has done nothing', async () => {
    expect(await call('DELETE', '/notes/a', 'text/html')).toEqual({
      status: 406,
      text: '{"code":406,"message":"unsupported media type requested, only [application/json] are available","reason":"NOT_ACCEPTABLE"}',
    });
    expect(deleted).toEqual([]);
    expect((await call('DELETE', '/notes/a', '*/*')).status).toBe(200);
    expect(deleted).toEqual(['a']);
  });

  it('refuses nobody who sends a body, asks for no content, or for a page of the kit', async () => {
    expect((await call('POST', '/notes', 'text/html')).status).toBe(201);
    expect((await call('POST', '/notes/a/archive', 'text/html')).status).toBe(204);
    for (const path of ['/health', '/ready', '/metrics', '/swagger-ui/', '/swagger-ui/swagger.yaml', '/swagger.json']) {
      expect([path, (await call('GET', path, 'image/png')).status]).toEqual([path, 200]);
    }
  });

  it('documents where it does', async () => {
    const statusesOf = async ({ url }: RunningService) => {
      const { paths } = (await (await fetch(`${url}/swagger.json`)).json()) as {
        paths: Record<string, Record<string, { responses: object }>>;
      };
      return Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods)
          .filter(([, { responses }]) => '406' in responses)
          .map(([method]) => `${method} ${path}`),
      );
    };
    expect(await statusesOf(service)).toEqual(['get /notes/{name}', 'delete /notes/{name}', 'get /notes/{name}/page']);
    expect(await statusesOf(indifferent)).toEqual([]);
  });
});

describe('a service that does not', () => {
  it('answers as it can, whatever is accepted', async () => {
    expect((await call('GET', '/notes/a', 'text/html', indifferent)).status).toBe(200);
  });
});
