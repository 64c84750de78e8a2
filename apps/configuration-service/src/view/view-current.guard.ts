import { type CanActivate, Injectable } from '@nestjs/common';
import { ViewReconciliation } from './view-reconciliation';

/** Keeps requests out of the view until it shows what Git holds. */
@Injectable()
export class ViewCurrentGuard implements CanActivate {
  constructor(private readonly reconciliation: ViewReconciliation) {}

  canActivate(): boolean {
    this.reconciliation.assertCurrent();
    return true;
  }
}
