import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageFailure } from './failures/failure';

/** The variables that the command reads; empty ones count as absent. This is the only module that reads them. */
export interface Environment {
  readonly endpoint: string | undefined;
  readonly apiToken: string | undefined;
  readonly context: string | undefined;
  readonly gitToken: string | undefined;
  /** Version of Keptn whose command is imitated. */
  readonly compat: string | undefined;
  /** Folder of everything that the command stores. */
  readonly configFolder: string;
  readonly mayUseProxy: boolean;
  readonly mayUseColors: boolean;
  /** A variable that a file names, such as one that holds a secret. */
  readonly variable: (name: string) => string | undefined;
}

const PROXY_VARIABLE = /^(?:https?|all)_proxy$/i;

/** @throws UsageFailure when a variable cannot be used */
export function readEnvironment(): Environment {
  const read = (name: string): string | undefined => process.env[name] || undefined;
  return {
    endpoint: read('KEPTN_ENDPOINT'),
    apiToken: read('KEPTN_API_TOKEN'),
    context: read('KEPTN_CONTEXT'),
    gitToken: read('KEPTN_GIT_TOKEN'),
    compat: read('KEPTN_COMPAT'),
    configFolder: configFolderOf(read('KEPTN_CONFIG_DIR')),
    mayUseProxy: Object.keys(process.env).some((name) => PROXY_VARIABLE.test(name)),
    mayUseColors: read('NO_COLOR') === undefined && read('TERM') !== 'dumb',
    variable: read,
  };
}

function configFolderOf(folder = '~/.keptn'): string {
  const expanded = expandTilde(folder);
  if (expanded.startsWith('~')) {
    throw new UsageFailure(`KEPTN_CONFIG_DIR is ${folder}, which only a shell could expand`, 'Give an absolute path.');
  }
  return expanded;
}

/** `~/x` in the home folder: shells leave it as it is in quotes and in `--flag=~/x`. */
export const expandTilde = (path: string): string => (/^~(?:\/|$)/.test(path) ? join(homedir(), path.slice(1)) : path);
