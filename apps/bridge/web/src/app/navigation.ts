import type { Scope } from '@keptn/api-models';

interface Destination {
  readonly to:
    | '/'
    | '/approvals'
    | '/audit'
    | '/integrations'
    | '/problems'
    | '/runs'
    | '/subscriptions'
    | '/system'
    | '/tokens';
  readonly label: string;
  readonly isExact?: true;
  /** Who lacks it on every project finds nothing there. */
  readonly needs?: Scope;
}

/** The views that the bar at the top leads to, in its order. */
export const NAVIGATION: readonly Destination[] = [
  { to: '/', label: 'Projects', isExact: true },
  { to: '/runs', label: 'Runs' },
  { to: '/approvals', label: 'Approvals' },
  { to: '/problems', label: 'Problems' },
  { to: '/subscriptions', label: 'Subscriptions', needs: 'subscription:read' },
  { to: '/system', label: 'System', needs: 'system:read' },
  { to: '/tokens', label: 'Tokens', needs: 'token:manage' },
  { to: '/audit', label: 'Audit', needs: 'audit:read' },
  { to: '/integrations', label: 'Integrations' },
];
