import process from 'node:process';
import { keepCompiledCode } from './compile-cache';

const [command, ...rest] = process.argv.slice(2);

keepCompiledCode();

// The launcher and the processes that it starts are one program; each loads only what it needs.
if (command === 'host') {
  const { host } = await import('./host/host');
  await host(rest);
} else {
  const { launch } = await import('./launch');
  await launch(command, rest[0]);
}
