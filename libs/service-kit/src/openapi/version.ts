/** The Keptn release whose API this control plane keeps; clients compare it with their own version. */
export const API_VERSION = '0.7.3';
