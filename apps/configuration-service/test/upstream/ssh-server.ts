import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';

const execute = promisify(execFile);
const SSHD = '/usr/sbin/sshd';
/** sshd wants this folder when root runs it. */
const PRIVILEGE_SEPARATION_FOLDER = '/run/sshd';

/** OpenSSH's own server, for one key, on a port of this machine. */
export class SshServer {
  private server: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly port: number,
    /** What a client needs to get in. */
    readonly privateKey: string,
  ) {}

  static async start(folder: string): Promise<SshServer> {
    await makeKey(join(folder, 'client'));
    await makeKey(join(folder, 'host'));
    const server = new SshServer(folder, await findFreePorts(1), await readFile(join(folder, 'client'), 'utf8'));
    await server.run();
    return server;
  }

  address(repository: string): string {
    return `ssh://${userInfo().username}@127.0.0.1:${this.port}${repository}`;
  }

  /** As if somebody else answered at this address. */
  async changeHostKey(): Promise<void> {
    await this.stop();
    await rm(join(this.folder, 'host'));
    await rm(join(this.folder, 'host.pub'));
    await makeKey(join(this.folder, 'host'));
    await this.run();
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server?.exitCode === null && server.signalCode === null) {
      const exit = once(server, 'exit');
      server.kill();
      await exit;
    }
  }

  private async run(): Promise<void> {
    if (process.getuid?.() === 0) {
      await mkdir(PRIVILEGE_SEPARATION_FOLDER, { recursive: true });
    }
    const file = join(this.folder, 'sshd_config');
    const settings = [
      `Port ${this.port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(this.folder, 'host')}`,
      `AuthorizedKeysFile ${join(this.folder, 'client.pub')}`,
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin prohibit-password',
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
    ];
    await writeFile(file, settings.join('\n') + '\n');
    const server = spawn(SSHD, ['-D', '-e', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      let log = '';
      server.stderr.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        if (log.includes('Server listening')) {
          resolve();
        }
      });
      server.once('error', reject);
      server.once('exit', () => {
        reject(new Error(`sshd ended: ${log}`));
      });
    });
  }
}

async function makeKey(file: string): Promise<void> {
  await execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
}
