import mongoose, { type mongo } from 'mongoose';

/**
 * Reads every command that a service in this process sends to its database.
 *
 * The connection string of the service has to say `monitorCommands=true`.
 */
export class CommandWatch {
  /** Names of all commands that were sent. */
  readonly commands = new Set<string>();
  /** All keys that began with a dollar, at any depth. */
  readonly operators = new Set<string>();
  /** All keys and texts that held the mark, at any depth. */
  readonly marked = { keys: new Set<string>(), texts: new Set<string>() };

  private constructor(private readonly mark: string) {}

  /**
   * @param databaseUri of the service, which is started
   * @param mark a text that only clients use
   */
  static on(databaseUri: string, mark: string): CommandWatch {
    const watch = new CommandWatch(mark);
    const name = /([^/?]+)\?/.exec(databaseUri)?.[1] ?? '';
    const connection = mongoose.connections.find((candidate) => candidate.name === name);
    if (connection === undefined) throw new Error(`nothing in this process is connected to the database "${name}"`);
    connection.getClient().on('commandStarted', ({ commandName, command }: mongo.CommandStartedEvent) => {
      watch.commands.add(commandName);
      watch.read(command);
    });
    return watch;
  }

  private read(value: unknown): void {
    if (typeof value === 'string') {
      if (value.includes(this.mark)) this.marked.texts.add(value);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        if (key.startsWith('$')) this.operators.add(key);
        if (key.includes(this.mark)) this.marked.keys.add(key);
        this.read(child);
      }
    }
  }
}
