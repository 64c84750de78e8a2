import { booleanSetting, tokenSetting } from '@keptn/service-kit';

/** What a service needs to check the token of its callers; spread into its settings. */
export const authSettings = {
  KEPTN_API_TOKEN: tokenSetting,
  /** True where the network itself keeps strangers out, as it had to for the original's inner services. */
  TRUSTED_NETWORK: booleanSetting.default(false),
};
