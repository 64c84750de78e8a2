import type { ResourceVersion } from '@keptn/api-models';
import { Link } from '@tanstack/react-router';
import { fromBase64, textOf } from '../../api/base64';
import { Button } from '../../ui/button';
import { LinedText } from '../../ui/lined-text';
import { Notice } from '../../ui/notice';
import { download } from './download';
import { CURRENT, type ResourceLocation, versionName } from './resource-scope';
import { TextDiff } from './text-diff';

interface VersionComparisonProps {
  readonly location: ResourceLocation;
  readonly from: ResourceVersion;
  readonly to: ResourceVersion;
}

/** What changed between two versions of a file, and both of them. */
export function VersionComparison({ location, from, to }: VersionComparisonProps) {
  const { project, ...search } = location;
  const [before, after] = [from, to].map(({ resourceContent = '' }) => textOf(fromBase64(resourceContent)));
  const missing = [from, to].filter(({ resourceContent }) => resourceContent === undefined);
  return (
    <>
      <p>
        What changed from <code>{versionName(from.version)}</code> to <code>{versionName(to.version)}</code>.{' '}
        <Link
          to="/resources/$project"
          params={{ project }}
          search={{ ...search, version: to.version, to: from.version }}
        >
          The other way round
        </Link>
        {', '}
        <Link to="/resources/$project" params={{ project }} search={search}>
          To the current content
        </Link>
      </p>
      {missing.map(({ version }) => (
        <Notice key={version} kind="neutral">
          {version === CURRENT ? 'The file is deleted by now.' : `There is no such file in ${versionName(version)}.`}
        </Notice>
      ))}
      {before !== undefined && after !== undefined && (
        <TextDiff label="Changes between the versions" before={before} after={after} />
      )}
      {[from, to].map(
        (version) =>
          version.resourceContent !== undefined && (
            <VersionContent key={version.version} path={location.path} version={version} />
          ),
      )}
    </>
  );
}

function VersionContent({ path, version }: { readonly path: string; readonly version: ResourceVersion }) {
  const name = versionName(version.version);
  const bytes = fromBase64(version.resourceContent ?? '');
  const text = textOf(bytes);
  return (
    <details className="card">
      <summary>All of {name}</summary>
      {text === undefined ? (
        <p>It is no text: {bytes.length.toLocaleString('en')} bytes.</p>
      ) : (
        <LinedText label={`Content of ${name}`} text={text} />
      )}
      <div>
        <Button
          aria-label={`Download ${name}`}
          onClick={() => {
            download(path, bytes);
          }}
        >
          Download
        </Button>
      </div>
    </details>
  );
}
