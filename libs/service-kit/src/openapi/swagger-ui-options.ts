/** How Swagger UI behaves on every page, see https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/. */
export const SWAGGER_UI_OPTIONS = {
  deepLinking: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  // Operations stand in the order of the document; the schemas at the end are folded up.
  defaultModelsExpandDepth: 0,
  filter: true,
} as const;
