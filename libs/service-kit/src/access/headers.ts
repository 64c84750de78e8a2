/** Carries the signed identity of whoever a service of the control plane acts for. */
export const ON_BEHALF_HEADER = 'x-keptn-on-behalf-of';
