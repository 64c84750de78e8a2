import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

export interface ArchiveEntry {
  readonly name: string;
  readonly content?: string | Buffer;
  readonly type?: Header['type'];
  readonly linkname?: string;
}

/** A tar of these entries in gzip, with nothing checked. */
export async function archiveOf(entries: readonly ArchiveEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { name, content = '', type = 'file', linkname } of entries) {
    const header = { name, type, mode: 0o644, ...(linkname !== undefined && { linkname }) };
    if (type === 'file') {
      tar.entry(header, content);
    } else {
      tar.entry(header);
    }
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
  }
  return gzipSync(Buffer.concat(chunks));
}

/** A small chart in a folder of this name. */
export const chartOf = (folder: string, version = '0.1.0'): Promise<Buffer> =>
  archiveOf([
    { name: `${folder}/`, type: 'directory' },
    { name: `${folder}/Chart.yaml`, content: `name: carts\nversion: ${version}\n` },
    { name: `${folder}/templates/deployment.yaml`, content: 'kind: Deployment\n' },
    { name: `${folder}/values.yaml`, content: 'replicas: 1\n' },
  ]);
