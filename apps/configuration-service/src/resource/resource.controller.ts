import {
  type DefaultVersions,
  defaultResources,
  type PageRequest,
  projectResources,
  type Resource,
  type ResourceContent,
  type ResourceList,
  serviceResources,
  stageResources,
  type Version,
  type WriteQuery,
} from '@keptn/api-models';
import { type ResourceUri } from '@keptn/event-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Headers, Inject, Param, Query, Res, type Type, UseInterceptors } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { ChartsInTurn } from './charts-in-turn.interceptor';
import { DefaultResources } from './default-resources';
import { FileCheckInterceptor } from './file-check.interceptor';
import { type ConditionalHeaders, preconditionOf } from './precondition';
import { answerList, answerResource } from './resource-answers';
import { ResourcePath } from './resource-path.decorator';
import { ResourceReader } from './resource-reader';
import { branchScope, type ScopeNames } from './resource-scope';
import { deletionOf, type WrittenScope, withMessage, writeOfList, writeOfOne } from './resource-write';
import { ResourceWriter } from './resource-writer';
import { type ReadsResources, type WritesResources } from './resources';
import { scopeExists } from './scope-exists.interceptor';

/** What the operations on resources are of one kind of scope, such as a stage. */
interface ResourceKind<Names, Scope> {
  readonly routes: typeof projectResources | typeof stageResources | typeof serviceResources | typeof defaultResources;
  readonly scopeOf: (names: Names) => Scope;
  readonly reader: Type<ReadsResources<Scope>>;
  readonly writer: Type<WritesResources<Scope>>;
}

/** The operations on resources, which are the same whatever the resources belong to. */
function resourceController<Names extends ScopeNames, Scope extends WrittenScope>(kind: ResourceKind<Names, Scope>) {
  const { routes, scopeOf } = kind;
  const BeforeWrite = UseInterceptors(scopeExists(kind), FileCheckInterceptor, ChartsInTurn);

  class ResourceController {
    constructor(
      @Inject(kind.reader) readonly reader: ReadsResources<Scope>,
      @Inject(kind.writer) readonly writer: WritesResources<Scope>,
    ) {}

    @Route(routes.list)
    async list(
      @Param({ schema: routes.list.parameters }) names: Names,
      @Query({ schema: routes.list.query }) query: PageRequest,
      @Headers() headers: ConditionalHeaders,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<ResourceList | undefined> {
      return answerList(reply, headers, await this.reader.list(scopeOf(names), query), query);
    }

    @Route(routes.add)
    @BeforeWrite
    add(
      @Param({ schema: routes.add.parameters }) names: Names,
      @Query({ schema: routes.add.query }) { message = 'Added resources' }: WriteQuery,
      @Body({ schema: routes.add.body }) { resources }: { readonly resources: readonly ResourceContent[] },
      @Headers() headers: ConditionalHeaders,
    ): Promise<Version | DefaultVersions> {
      return this.writeList(names, resources, message, headers);
    }

    @Route(routes.update)
    @BeforeWrite
    update(
      @Param({ schema: routes.update.parameters }) names: Names,
      @Query({ schema: routes.update.query }) { message = 'Updated resources' }: WriteQuery,
      @Body({ schema: routes.update.body }) { resources }: { readonly resources: readonly ResourceContent[] },
      @Headers() headers: ConditionalHeaders,
    ): Promise<Version | DefaultVersions> {
      return this.writeList(names, resources, message, headers);
    }

    @Route(routes.read)
    async read(
      @Param({ schema: routes.list.parameters }) names: Names,
      @ResourcePath() uri: ResourceUri,
      @Query({ schema: routes.read.query }) { gitCommitID }: { readonly gitCommitID?: string },
      @Headers() headers: ConditionalHeaders,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<Resource | undefined> {
      return await answerResource(reply, headers, await this.reader.read(scopeOf(names), uri, gitCommitID));
    }

    @Route(routes.write)
    @BeforeWrite
    async write(
      @Param({ schema: routes.list.parameters }) names: Names,
      @ResourcePath() uri: ResourceUri,
      @Query({ schema: routes.write.query }) { message }: WriteQuery,
      @Body({ schema: routes.write.body }) { resourceContent: content }: { readonly resourceContent: Buffer },
      @Headers() headers: ConditionalHeaders,
    ): Promise<Version | DefaultVersions> {
      const scope = scopeOf(names);
      const write = await writeOfOne(scope, { uri, content }, preconditionOf(headers));
      return await this.writer.write(scope, withMessage(write, message));
    }

    @Route(routes.remove)
    async remove(
      @Param({ schema: routes.list.parameters }) names: Names,
      @ResourcePath() uri: ResourceUri,
      @Query({ schema: routes.remove.query }) { message }: WriteQuery,
      @Headers() headers: ConditionalHeaders,
    ): Promise<void> {
      const scope = scopeOf(names);
      const write = deletionOf(scope, uri, preconditionOf(headers));
      await this.writer.write(scope, withMessage(write, message));
    }

    async writeList(
      names: Names,
      resources: readonly ResourceContent[],
      message: string,
      headers: ConditionalHeaders,
    ): Promise<Version | DefaultVersions> {
      const scope = scopeOf(names);
      return await this.writer.write(scope, await writeOfList(scope, resources, message, preconditionOf(headers)));
    }
  }
  return ResourceController;
}

const onBranch = { scopeOf: branchScope, reader: ResourceReader, writer: ResourceWriter };

@Controller()
export class ProjectResourceController extends resourceController({ ...onBranch, routes: projectResources }) {}

@Controller()
export class StageResourceController extends resourceController({ ...onBranch, routes: stageResources }) {}

@Controller()
export class ServiceResourceController extends resourceController({ ...onBranch, routes: serviceResources }) {}

@Controller()
export class DefaultResourceController extends resourceController({
  routes: defaultResources,
  scopeOf: ({ project, service }: Required<Omit<ScopeNames, 'stage'>>) => ({ level: 'Service', project, service }),
  reader: DefaultResources,
  writer: DefaultResources,
}) {}
