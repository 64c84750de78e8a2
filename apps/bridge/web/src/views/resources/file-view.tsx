import type { ResourceVersion } from '@keptn/api-models';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { fromBase64, textOf } from '../../api/base64';
import { useMay } from '../../api/rights';
import { Button } from '../../ui/button';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { DeleteByName } from '../../ui/delete-by-name';
import { LinedText } from '../../ui/lined-text';
import { Notice } from '../../ui/notice';
import { Card } from '../../ui/page';
import { download } from './download';
import { dropDraftsOf } from './drafts';
import { FileEditor } from './file-editor';
import { CURRENT, type ResourceLocation, scopeFlags, scopeTitle, versionName } from './resource-scope';
import { forgetResources, remove } from './resources.queries';
import { VersionComparison } from './version-comparison';

interface FileViewProps {
  readonly location: ResourceLocation;
  readonly versions: readonly string[];
  /** Of these versions; undefined until they are read. */
  readonly contents: readonly ResourceVersion[] | undefined;
}

/** One file: its content to be read and changed, or two versions of it beside each other. */
export function FileView({ location, versions, contents }: FileViewProps) {
  const { path, project, ...scope } = location;
  return (
    <div className="stack">
      <div className="row">
        <span className="muted">of {scopeTitle(location)}</span>
        <Link className="button" to="/history/$project" params={{ project }} search={{ ...scope, path }}>
          History
        </Link>
      </div>
      {contents === undefined ? <p role="status">Loading …</p> : <Contents location={location} contents={contents} />}
      <Card>
        <h2>The same in a terminal</h2>
        {versions.map((version) => (
          <Code
            key={version}
            what={`command that reads ${versionName(version)}`}
            text={commandLine('get resource', [path], {
              ...scopeFlags(location),
              version: version === CURRENT ? '' : version,
            })}
          />
        ))}
        <Code what="command that shows the history" text={commandLine('history', [path], scopeFlags(location))} />
      </Card>
    </div>
  );
}

function Contents({
  location,
  contents,
}: Pick<FileViewProps, 'location'> & { readonly contents: readonly ResourceVersion[] }) {
  const [from, to] = contents;
  if (from === undefined) return null;
  if (to !== undefined) return <VersionComparison location={location} from={from} to={to} />;
  return <CurrentFile location={location} current={from} />;
}

interface CurrentFileProps {
  readonly location: ResourceLocation;
  readonly current: ResourceVersion;
}

function CurrentFile({ location, current: { resourceContent = '', entityTag = '' } }: CurrentFileProps) {
  const mayWrite = useMay('resource:write', { project: location.project });
  const bytes = fromBase64(resourceContent);
  const text = textOf(bytes);
  return (
    <>
      {text === undefined ? (
        <Notice kind="neutral">This file is no text: {bytes.length.toLocaleString('en')} bytes.</Notice>
      ) : mayWrite ? (
        <FileEditor location={location} text={text} entityTag={entityTag} />
      ) : (
        <LinedText label="Content" text={text} />
      )}
      <div className="row">
        <Button
          onClick={() => {
            download(location.path, bytes);
          }}
        >
          Download
        </Button>
      </div>
      {mayWrite && <Deletion location={location} entityTag={entityTag} />}
    </>
  );
}

function Deletion({ location, entityTag }: { readonly location: ResourceLocation; readonly entityTag: string }) {
  const { project, path } = location;
  const navigate = useNavigate();
  const deletion = useMutation({
    mutationFn: async () => {
      await remove(location, entityTag);
      dropDraftsOf(location);
      await navigate({ to: '/resources/$project', params: { project } });
      await forgetResources(project);
    },
  });
  return (
    <details className="card">
      <summary>Delete this file</summary>
      <DeleteByName
        kind="file"
        name={path}
        attempt={{
          ...deletion,
          mutate: () => {
            deletion.mutate();
          },
        }}
      />
      <Code what="command that deletes" text={commandLine('delete resource', [path], scopeFlags(location))} />
    </details>
  );
}
