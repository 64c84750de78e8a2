/** Where every service serves its Swagger UI and, below it, `swagger.yaml` and `swagger.json`. */
export const SWAGGER_UI_PATH = 'swagger-ui';
