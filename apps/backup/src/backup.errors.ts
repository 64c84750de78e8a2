/** Why nothing was saved or restored, in one line that tells the operator what to do. */
export class BackupFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BackupFailure';
  }
}
