import { booleanSetting, tokenSetting, urlSetting } from '@keptn/service-kit';

/** What a service needs to check the token of its callers; spread into its settings. */
export const authSettings = {
  KEPTN_API_TOKEN: tokenSetting,
  /** True where the network itself keeps strangers out, as it had to for the original's inner services. */
  TRUSTED_NETWORK: booleanSetting.default(false),
};

/** What a service needs to record changes; spread into its settings. */
export const auditSettings = {
  API_SERVICE_URL: urlSetting.default('http://api-service:8080'),
};
