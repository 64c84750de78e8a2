import { describe, expect, it } from 'vitest';
import { routeOf } from './routes';

const to = (upstream: string, path: string, isPublic = false) => ({ kind: 'upstream', upstream, path, isPublic });
const own = (path: string, isPublic = false) => ({ kind: 'own', path, isPublic });
const portal = { kind: 'redirect', to: '/api/swagger-ui/' };

describe('the routes of the gateway', () => {
  it.each([
    ['/', portal],
    ['/api', portal],
    ['/api/', portal],
    ['/api/swagger-ui', portal],
    ['/api/swagger-ui/', own('/api/swagger-ui/', true)],
    ['/api/swagger-ui/swagger-ui-bundle.js', own('/api/swagger-ui/swagger-ui-bundle.js', true)],
    ['/api/swagger-ui/swagger.yaml', to('api-service', '/swagger-ui/swagger.yaml', true)],
    ['/api/swagger.json', to('api-service', '/swagger.json', true)],
    ['/api/v1/docs', to('api-service', '/v1/docs', true)],
    ['/api/v1/docs/x', to('api-service', '/v1/docs/x')],
    ['/api/configuration-service/v1/docs/', to('configuration-service', '/v1/docs/', true)],
    ['/api/mongodb-datastore/docs', to('mongodb-datastore', '/docs', true)],
    ['/api/v1/auth', { kind: 'authenticate' }],
    ['/api/v1/auth/x', { kind: 'authenticate' }],
    ['/api/v1/project', to('api-service', '/v1/project')],
    ['/api/metrics', to('api-service', '/metrics')],
    ['/api/websocket', { kind: 'websocket', path: '/websocket' }],
    ['/api/configuration-service/v1/project/', to('configuration-service', '/v1/project/')],
    [
      '/api/configuration-service/swagger-ui/swagger.yaml',
      to('configuration-service', '/swagger-ui/swagger.yaml', true),
    ],
    ['/api/configuration-service', to('configuration-service', '/')],
    ['/api/configuration-servicex/v1', to('api-service', '/configuration-servicex/v1')],
    ['/api/mongodb-datastore/event', to('mongodb-datastore', '/event')],
    ['/apifoo', own('/apifoo')],
    ['/health', own('/health', true)],
    ['/nginx-health', own('/nginx-health', true)],
    ['/metrics', own('/metrics')],
    ['/elsewhere', own('/elsewhere')],
  ])('%s', (path, route) => {
    expect(routeOf(path, { prefix: '', hasBridge: false })).toEqual(route);
  });

  it.each([
    ['/keptn', { kind: 'redirect', to: '/keptn/api/swagger-ui/' }],
    ['/keptn/api/v1/project', to('api-service', '/v1/project')],
    ['/keptn/api/mongodb-datastore/event', to('mongodb-datastore', '/event')],
    ['/api/v1/project', own('/api/v1/project')],
    ['/keptnx/api/v1/project', own('/keptnx/api/v1/project')],
    ['/health', own('/health', true)],
    ['/keptn/health', own('/health', true)],
  ])('%s behind the prefix /keptn', (path, route) => {
    expect(routeOf(path, { prefix: '/keptn', hasBridge: false })).toEqual(route);
  });

  it.each([
    ['/keptn/', { kind: 'redirect', to: '/keptn/bridge/' }],
    ['/keptn/bridge', { kind: 'redirect', to: '/keptn/bridge/' }],
    ['/keptn/bridge/main.js', to('bridge', '/main.js', true)],
    ['/keptn/project/sockshop/x', { kind: 'redirect', to: '/keptn/bridge/project/sockshop/x' }],
    ['/keptn/trace/1', { kind: 'redirect', to: '/keptn/bridge/trace/1' }],
    ['/keptn/api', { kind: 'redirect', to: '/keptn/api/swagger-ui/' }],
    ['/bridge/', own('/bridge/')],
  ])('%s with a Bridge', (path, route) => {
    expect(routeOf(path, { prefix: '/keptn', hasBridge: true })).toEqual(route);
  });
});
