/** Parts of a store cannot be read. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged';
  constructor(readonly damages: readonly string[]) {
    super(damages.join('; '));
  }
}
