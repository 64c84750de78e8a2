/** A delivery in three stages: tested, approved when in doubt, in production. */
export const EXAMPLE_SHIPYARD = `stages:
  - name: dev
    deployment_strategy: direct
    test_strategy: functional
  - name: staging
    approval_strategy:
      pass: automatic
      warning: automatic
    deployment_strategy: blue_green_service
    test_strategy: performance
  - name: production
    approval_strategy:
      pass: automatic
      warning: manual
    deployment_strategy: blue_green_service
    remediation_strategy: automated
`;
