import { AsyncLocalStorage } from 'node:async_hooks';
import { resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { hostServices } from '@keptn/service-kit/hosting';
import { HostedInstance } from './hosted-instance';
import { type FromHost, type ToHost } from './messages';

/** The descriptors before are standard input, output and error, and the channel to the launcher. */
const FIRST_LOG_FILE = 4;

/**
 * Runs several services in this process, each with its own environment, log and life: the launcher starts and stops them one
 * by one. What one of them throws and nobody catches ends that one only, unless it cannot be told whose it is.
 *
 * @param scripts builds of the services; the descriptors of their logs follow the channel in the same order
 */
export async function host(scripts: readonly string[]): Promise<void> {
  const instances = new Map<string, HostedInstance>();
  /** Everything that a service starts, its connections included, runs in its scope. */
  const scope = new AsyncLocalStorage<HostedInstance>();

  hostServices((service) => {
    instances.set(service.name, new HostedInstance(service, FIRST_LOG_FILE + instances.size, report));
    report({ kind: 'loaded', service: service.name, variables: service.variables });
  });
  process.on('uncaughtException', (error) => {
    const instance = scope.getStore();
    if (instance === undefined) {
      console.error(error);
      process.exit(1);
    }
    void instance.fail(error);
  });
  const end = (): void => {
    void Promise.all([...instances.values()].map((instance) => instance.stop())).then(() => process.exit(0));
  };
  // The launcher ends services in its own order; when it is gone they end together.
  process.once('SIGTERM', end).once('SIGINT', end).once('disconnect', end);

  for (const script of scripts) await import(pathToFileURL(resolve(script)).href);
  process.on('message', (message: ToHost) => {
    const instance = instances.get(message.service);
    if (message.kind === 'stop') void instance?.stop();
    else if (instance !== undefined) void scope.run(instance, () => instance.start(message.environment));
  });
}

const report = (message: FromHost): void => {
  if (process.connected) process.send?.(message);
};
