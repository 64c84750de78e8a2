import type { ResourceTree as Tree } from '@keptn/api-models';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../api/rights';
import { locate, type ResourceLocation, type ResourceScope, scopeTitle } from './resource-scope';

interface Branch {
  readonly scope: ResourceScope;
  readonly files: readonly ResourceLocation[];
  readonly parts: readonly Branch[];
}

/** Only the link to what is shown is the current one. */
const EXACT = { exact: true };

/** Project, stages and services as groups that open and close, each with its files. */
export function ResourceTree({ project, tree }: { readonly project: string; readonly tree: Tree }) {
  return (
    <nav className="tree" aria-label="Resources">
      <TreeBranch branch={branchesOf(project, tree)} />
    </nav>
  );
}

function TreeBranch({ branch: { scope, files, parts } }: { readonly branch: Branch }) {
  const { project, ...search } = scope;
  const mayWrite = useMay('resource:write', { project });
  return (
    <details open>
      <summary>
        <span className="break">{scopeTitle(scope)}</span>
      </summary>
      <ul>
        {files.map(({ project: of, ...file }) => (
          <li key={file.path}>
            <Link
              className="break"
              activeOptions={EXACT}
              to="/resources/$project"
              params={{ project: of }}
              search={file}
            >
              {file.path}
            </Link>
          </li>
        ))}
        {parts.map((part) => (
          <li key={scopeTitle(part.scope)}>
            <TreeBranch branch={part} />
          </li>
        ))}
        {mayWrite && (
          <li>
            <Link className="small" activeOptions={EXACT} to="/resources/$project" params={{ project }} search={search}>
              Add a file to {scopeTitle(scope)}
            </Link>
          </li>
        )}
      </ul>
    </details>
  );
}

function branchesOf(project: string, { project: own, stages }: Tree): Branch {
  return {
    scope: { project },
    files: own.resources.map((path) => ({ project, path })),
    parts: stages.map(({ stageName: stage, services, resources }) => {
      const files = resources.map((path) => locate(project, stage, services, path));
      return {
        scope: { project, stage },
        files: files.filter(({ service }) => service === undefined),
        parts: services.map((service) => ({
          scope: { project, stage, service },
          files: files.filter((file) => file.service === service),
          parts: [],
        })),
      };
    }),
  };
}
