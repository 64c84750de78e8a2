import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { textOf } from '../../api/base64';
import { useMay } from '../../api/rights';
import { Button } from '../../ui/button';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { DeleteByName } from '../../ui/delete-by-name';
import { LinedText } from '../../ui/lined-text';
import { Loaded } from '../../ui/loaded';
import { Notice } from '../../ui/notice';
import { Card } from '../../ui/page';
import { FileEditor } from './file-editor';
import { type ResourceLocation, scopeFlags, scopeTitle } from './resource-scope';
import { forgetResources, type ReadResource, remove, resourceQuery } from './resources.queries';
import { TextDiff } from './text-diff';

interface FileViewProps {
  readonly location: ResourceLocation;
  /** An older version, which is compared with the current one. */
  readonly version: string | undefined;
}

/** One file: its content to be read and changed, or an older version beside what changed since. */
export function FileView({ location, version }: FileViewProps) {
  const { path, project, ...scope } = location;
  const current = useQuery(resourceQuery(location));
  return (
    <div className="stack">
      <div className="row">
        <span className="muted">of {scopeTitle(location)}</span>
        <Link className="button" to="/history/$project" params={{ project }} search={{ ...scope, path }}>
          History
        </Link>
      </div>
      {version === undefined ? (
        <Loaded query={current}>{(read) => <CurrentFile location={location} read={read} />}</Loaded>
      ) : (
        <OldVersion location={location} version={version} current={current.data} />
      )}
      <Card>
        <h2>The same in a terminal</h2>
        <Code
          what="command that reads"
          text={commandLine('get resource', [path], { ...scopeFlags(location), version })}
        />
        <Code what="command that shows the history" text={commandLine('history', [path], scopeFlags(location))} />
      </Card>
    </div>
  );
}

function CurrentFile({ location, read }: { readonly location: ResourceLocation; readonly read: ReadResource }) {
  const mayWrite = useMay('resource:write', { project: location.project });
  const text = textOf(read.bytes);
  return (
    <>
      {text === undefined ? (
        <Notice kind="neutral">This file is no text: {read.bytes.length.toLocaleString('en')} bytes.</Notice>
      ) : mayWrite ? (
        <FileEditor location={location} text={text} entityTag={read.entityTag} />
      ) : (
        <LinedText label="Content" text={text} />
      )}
      <div className="row">
        <Button
          onClick={() => {
            download(location.path, read.bytes);
          }}
        >
          Download
        </Button>
      </div>
      {mayWrite && <Deletion location={location} entityTag={read.entityTag} />}
    </>
  );
}

function OldVersion({ location, version, current }: FileViewProps & { readonly current: ReadResource | undefined }) {
  const { path, project, ...scope } = location;
  const old = useQuery(resourceQuery(location, version));
  return (
    <Loaded query={old}>
      {({ bytes }) => {
        const before = textOf(bytes);
        const after = current && textOf(current.bytes);
        return (
          <>
            <p>
              Version <code>{version?.slice(0, 10)}</code>, and what changed since.{' '}
              <Link to="/resources/$project" params={{ project }} search={{ ...scope, path }}>
                To the current content
              </Link>
            </p>
            {before !== undefined && after !== undefined && (
              <TextDiff label="Changes since this version" before={before} after={after} />
            )}
            {before === undefined ? (
              <div>
                <Button
                  onClick={() => {
                    download(path, bytes);
                  }}
                >
                  Download this version
                </Button>
              </div>
            ) : (
              <LinedText label="Content of this version" text={before} />
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Deletion({ location, entityTag }: { readonly location: ResourceLocation; readonly entityTag: string }) {
  const { project, path } = location;
  const navigate = useNavigate();
  const deletion = useMutation({
    mutationFn: async () => {
      await remove(location, entityTag);
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

/** As bytes that no browser takes for a page. */
function download(path: string, bytes: Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = path.slice(path.lastIndexOf('/') + 1);
  link.click();
  URL.revokeObjectURL(url);
}
