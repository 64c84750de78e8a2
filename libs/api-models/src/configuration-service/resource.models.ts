import { base64Content, decodeBase64Content, resourceUri, type ResourceUri } from '@keptn/event-models';
import { z } from 'zod';
import { optional } from '../contract/optional';
import { pageFields } from './page';

/** Longest part of a resource path that an error repeats, in characters. */
const SHOWN_LENGTH = 200;

export interface ResourceContent {
  readonly uri: ResourceUri;
  readonly content: Buffer;
}

const content = base64Content();

/** One file of a list. What is wrong with it is said with its name. */
const resourceItem = z
  .object({
    resourceURI: z.string().meta({ description: 'Path of the file', example: 'slo.yaml' }),
    resourceContent: optional(z.string()).meta({
      description: 'Content in base64; absent: an empty file',
      example: 'c3BlY192ZXJzaW9uOiAnMS4wJwo=',
    }),
  })
  .transform((item, context): ResourceContent => {
    const uri = resourceUri.safeParse(item.resourceURI);
    const decoded = content.safeParse(item.resourceContent ?? '');
    if (uri.success && decoded.success) {
      return { uri: uri.data, content: decodeBase64Content(decoded.data) };
    }
    const reason = [uri, decoded].flatMap(({ error }) => error?.issues ?? [])[0]?.message ?? 'not valid';
    const shown = JSON.stringify(item.resourceURI.slice(0, SHOWN_LENGTH));
    context.addIssue({ code: 'custom', message: `resource ${shown}: ${reason}` });
    return z.NEVER;
  })
  .meta({ id: 'ResourceContent' });

export const resourceItems = z.array(resourceItem);

export const resourceListBody = z
  .object({ resources: optional(resourceItems).transform((items) => items ?? []) })
  .meta({ id: 'Resources' });

/** The path of the URL says which file it is. */
export const resourceBody = z
  .object({
    resourceURI: optional(z.string()).meta({ description: 'Ignored: the path counts', example: 'slo.yaml' }),
    resourceContent: optional(content)
      .transform((text) => (text === undefined ? Buffer.alloc(0) : decodeBase64Content(text)))
      .meta({ description: 'Content in base64; absent: an empty file', example: 'c3BlY192ZXJzaW9uOiAnMS4wJwo=' }),
  })
  .meta({ id: 'WriteResource' });

const resourceMetadata = z
  .object({
    branch: z.string().meta({ description: 'Branch that it was read from', example: 'dev' }),
    version: z.string().meta({
      description: 'Commit that it was read from',
      example: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    }),
    upstreamURL: z.string().optional().meta({
      description: 'The upstream repository of the project; absent when it has none',
      example: 'https://git.example.com/team/sockshop.git',
    }),
  })
  .meta({ id: 'ResourceMetadata' });

export const resource = z
  .object({
    resourceURI: z.string().meta({ example: 'slo.yaml' }),
    resourceContent: z.string().meta({ description: 'Base64', example: 'c3BlY192ZXJzaW9uOiAnMS4wJwo=' }),
    metadata: resourceMetadata,
  })
  .meta({ id: 'Resource' });
export type Resource = z.infer<typeof resource>;

export const resourceList = z
  .object({
    ...pageFields,
    resources: z.array(
      z
        .object({
          resourceURI: z.string().meta({ description: 'With one leading slash', example: '/slo.yaml' }),
          metadata: resourceMetadata,
        })
        .meta({ id: 'ListedResource' }),
    ),
  })
  .meta({ id: 'ResourceList' });
export type ResourceList = z.infer<typeof resourceList>;

export const version = z
  .object({
    version: z.string().meta({
      description: 'Commit that the branch is at now',
      example: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    }),
  })
  .meta({ id: 'Version' });
export type Version = z.infer<typeof version>;

export const defaultVersions = version
  .extend({
    stages: z.array(z.object({ stageName: z.string().meta({ example: 'dev' }), version: version.shape.version })),
  })
  .meta({ id: 'DefaultVersions', description: '`version` is the one of the first stage by name' });
export type DefaultVersions = z.infer<typeof defaultVersions>;
