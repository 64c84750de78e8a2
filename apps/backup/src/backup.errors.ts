/** Why nothing was saved or restored, in one line that tells the operator what to do. */
export class BackupFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BackupFailure';
  }
}

/** The archive is complete, but for the repositories of some projects. */
export class ProjectsNotSaved extends BackupFailure {
  /** @param reasons by the names of the projects */
  constructor(reasons: ReadonlyMap<string, string>) {
    super(
      [
        'this backup can be restored, but it lacks the repositories of these projects, which cannot be read:',
        ...[...reasons].map(([project, reason]) => `  ${project}: ${reason}`),
        'Keep the backups that have them, repair them, and save again.',
      ].join('\n'),
    );
  }
}
