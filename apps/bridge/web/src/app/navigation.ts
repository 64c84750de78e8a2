/** The views that the bar at the top leads to, in its order. */
export const NAVIGATION = [
  { to: '/', label: 'Projects', isExact: true },
  { to: '/runs', label: 'Runs', isExact: false },
  { to: '/approvals', label: 'Approvals', isExact: false },
  { to: '/problems', label: 'Problems', isExact: false },
  { to: '/integrations', label: 'Integrations', isExact: false },
] as const;
