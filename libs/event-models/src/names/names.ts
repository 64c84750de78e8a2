import { z } from 'zod';

/** Longest project, stage or service name, in characters: leaves room in branch names, collection keys and file names. */
export const NAME_LIMIT = 100;

const ALLOWED =
  `use 1 to ${NAME_LIMIT} letters (a-z, A-Z), digits, "-", "_" or ".", ` + 'starting and ending with a letter or digit';

const SHAPE_PATTERN = `[A-Za-z0-9]([A-Za-z0-9._-]{0,${NAME_LIMIT - 2}}[A-Za-z0-9])?$`;
const SHAPE = new RegExp(`^${SHAPE_PATTERN}`);

/** Git refuses refs that end so, and reads `x.git` as a repository of its own. */
const RESERVED_ENDING = /\.(?:lock|git)$/i;

/** `master` is the branch of the project level and `HEAD` is a name that Git resolves itself. */
const TAKEN_BRANCH = /^(?:master|head)$/i;

/** The same for readers of the OpenAPI document, without lookbehind and flags. */
const NOT_RESERVED = '(?!.*[.][.])(?!.*[.]([Ll][Oo][Cc][Kk]|[Gg][Ii][Tt])$)';
const NOT_TAKEN = '(?!([Mm][Aa][Ss][Tt][Ee][Rr]|[Hh][Ee][Aa][Dd])$)';

function refusalOf(kind: string, name: string): string | undefined {
  if (!SHAPE.test(name)) return `${kind} name is not valid: ${ALLOWED}`;
  if (name.includes('..')) return `${kind} name must not contain "..": ${ALLOWED}, with single dots only`;
  if (RESERVED_ENDING.test(name)) return `${kind} name must not end in ".lock" or ".git": choose another ending`;
  if (kind === 'stage' && TAKEN_BRANCH.test(name)) {
    return `stage name must not be "${name}": the branch of that name belongs to the project, choose any other name`;
  }
  return undefined;
}

function nameSchema(kind: 'project' | 'stage' | 'service', example: string) {
  return z
    .string({ error: `${kind} name must be a string: ${ALLOWED}` })
    .superRefine((name, context) => {
      const refusal = refusalOf(kind, name);
      if (refusal !== undefined) context.addIssue({ code: 'custom', message: refusal });
    })
    .meta({
      description: `Name of a ${kind}: ${ALLOWED}; no "..", no ending in ".lock" or ".git"`,
      example,
      minLength: 1,
      maxLength: NAME_LIMIT,
      pattern: `^${kind === 'stage' ? NOT_TAKEN : ''}${NOT_RESERVED}${SHAPE_PATTERN}`,
    });
}

const project = nameSchema('project', 'sockshop');
const stage = nameSchema('stage', 'staging');
const service = nameSchema('service', 'carts');

/** Name of a project. Safe as one segment of a path, as a ref and as a key. */
export const projectName = project.brand<'ProjectName'>();
export type ProjectName = z.infer<typeof projectName>;

/** Name of a stage, which is also the name of its branch; `master` and `HEAD` are taken. */
export const stageName = stage.brand<'StageName'>();
export type StageName = z.infer<typeof stageName>;

/** Name of a service, which is also the name of its folder on each stage branch. */
export const serviceName = service.brand<'ServiceName'>();
export type ServiceName = z.infer<typeof serviceName>;
