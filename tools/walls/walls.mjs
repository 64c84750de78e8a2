/**
 * What may import what: docs/architecture.md as a table that lint reads. Each wall says why it stands.
 *
 * @typedef {object} Wall
 * @property {string} in folder or file that the wall surrounds; `*` stands for any name
 * @property {readonly string[]} refuses packages, or folders and files of the workspace; `*` as above
 * @property {readonly string[]} [except] what it lets through of that
 * @property {string} because completes the sentence that lint shows
 */

const NEST = ['@nestjs/*', 'rxjs', 'reflect-metadata'];
const SERVER = ['fastify', '@fastify/*', 'ws', 'http-proxy-middleware', 'node:http', 'node:https', 'node:http2'];
const HTTP = [...SERVER, 'undici'];
const MONGODB = ['mongoose', 'mongodb', '@nestjs/mongoose', '@keptn/mongodb-connection'];
const STORAGE = [...MONGODB, '@keptn/embedded-mongodb', 'lmdb', 'mingo', 'bson', 'node:fs', 'node:fs/promises'];
const GIT = ['@keptn/git-store', 'tar-stream'];
/** How numbers are written, so that pages write them as verdicts do. */
const FIGURES = ['@keptn/quality-gate/shown-number'];
const KEPTN = ['@keptn/event-models', '@keptn/api-models', '@keptn/quality-gate'];
const KIT = ['@keptn/service-kit', '@keptn/auth', '@keptn/mongodb-connection'];

/** The folders of configuration-service that answer its API. */
const CONFIGURATION_RESOURCES = 'event history open-item project resource service stage upstream view-rebuild'
  .split(' ')
  .map((name) => `apps/configuration-service/src/${name}`);

/** @type {readonly Wall[]} */
export const WALLS = [
  {
    in: 'libs/event-models',
    refuses: [...NEST, ...HTTP, ...STORAGE, ...GIT, ...KIT, '@keptn/api-models', '@keptn/quality-gate'],
    because:
      'event-models says what an event is to servers, commands and browsers alike, so it needs no framework, network or store',
  },
  {
    in: 'libs/api-models',
    refuses: [...NEST, ...SERVER, ...STORAGE, ...GIT, ...KIT, '@keptn/quality-gate'],
    because:
      'api-models is the contract that servers and clients share, so it belongs to neither and runs in a browser too',
  },
  {
    in: 'libs/quality-gate',
    refuses: [...NEST, ...HTTP, ...STORAGE, ...GIT, ...KIT, '@keptn/api-models'],
    because: 'an evaluation is a pure function of SLOs and values; whoever calls it fetches and stores them',
  },
  {
    in: 'libs/git-store',
    // As a client it reaches upstream repositories.
    refuses: [...NEST, ...SERVER, ...KEPTN, ...KIT, ...MONGODB, '@keptn/embedded-mongodb'],
    because:
      'git-store is an engine for Git repositories that would serve any program: no framework, no words of Keptn',
  },
  {
    in: 'libs/embedded-mongodb',
    refuses: [...NEST, ...HTTP, ...KEPTN, ...KIT, ...MONGODB, ...GIT],
    because:
      "embedded-mongodb is an engine that speaks MongoDB's protocol to any program: no framework, no words of Keptn",
  },
  {
    in: 'libs/mongodb-connection',
    refuses: [...KEPTN, ...GIT, '@keptn/auth', '@keptn/embedded-mongodb'],
    because:
      'mongodb-connection connects a service to a MongoDB and knows neither what is stored there nor which server it is',
  },
  {
    in: 'libs/service-kit',
    refuses: [
      ...MONGODB,
      ...GIT,
      '@keptn/auth',
      '@keptn/quality-gate',
      '@keptn/embedded-mongodb',
      'lmdb',
      'mingo',
      'bson',
    ],
    because: 'service-kit holds what every service repeats, and not every service has a store, repositories or tokens',
  },
  {
    in: 'libs/auth',
    refuses: [...STORAGE, ...GIT, '@keptn/quality-gate'],
    because: 'auth verifies what a request carries and keeps nothing',
  },
  {
    in: 'apps/api-gateway',
    refuses: [...MONGODB, ...GIT, '@keptn/embedded-mongodb', '@keptn/quality-gate', '@keptn/event-models'],
    because: 'the gateway routes requests and checks tokens; rules and data belong to the services behind it',
  },
  {
    in: 'apps/api-service',
    refuses: [...GIT, '@keptn/embedded-mongodb', '@keptn/quality-gate'],
    because:
      'api-service turns the public verbs into calls and events, and keeps who may do what; Git and events belong to others',
  },
  {
    in: 'apps/configuration-service',
    refuses: ['@keptn/quality-gate', '@keptn/embedded-mongodb', 'http-proxy-middleware'],
    because:
      'configuration-service keeps resources in Git and the view of projects in any MongoDB; it decides and distributes nothing',
  },
  {
    in: 'apps/mongodb-datastore',
    refuses: [...GIT, '@keptn/quality-gate', '@keptn/embedded-mongodb', 'http-proxy-middleware'],
    because: 'mongodb-datastore is the event log on any MongoDB; Git belongs to configuration-service',
  },
  {
    in: 'apps/event-broker',
    refuses: [...GIT, '@keptn/quality-gate', '@keptn/embedded-mongodb'],
    because: 'event-broker distributes events and decides nothing',
  },
  {
    in: 'apps/lighthouse-service',
    refuses: [...GIT, ...MONGODB, '@keptn/embedded-mongodb'],
    because: 'the event log is the only state of an evaluation; files come from configuration-service',
  },
  {
    in: 'apps/shipyard-controller',
    refuses: [...GIT, '@keptn/embedded-mongodb', '@keptn/quality-gate'],
    because: 'what follows is decided from the shipyard and the event log; scores belong to lighthouse-service',
  },
  {
    in: 'apps/shipyard-controller/src/decision',
    refuses: [
      ...[
        ...NEST,
        ...HTTP,
        ...MONGODB,
        'node:fs',
        'node:fs/promises',
        '@keptn/service-kit',
        '@keptn/auth',
        '@keptn/api-models',
      ],
      ...['approval', 'control-plane', 'delivery', 'explanation', 'reaction', 'remediation', 'run'].map(
        (name) => `apps/shipyard-controller/src/${name}`,
      ),
    ],
    because: 'what follows is a pure function of the shipyard and the events; whoever calls it reads and sends them',
  },
  {
    in: 'apps/bridge/web',
    refuses: [
      ...[...NEST, ...HTTP, ...STORAGE, ...GIT, ...KIT, '@keptn/event-models', '@keptn/quality-gate', 'node:*'],
      'apps/bridge/src',
    ],
    except: FIGURES,
    because: 'pages run in a browser: they take types and clients from api-models, and nothing of a server',
  },
  {
    in: 'apps/bridge',
    refuses: [...MONGODB, ...GIT, '@keptn/embedded-mongodb', '@keptn/quality-gate'],
    except: FIGURES,
    because: 'the Bridge is a client of the public API and keeps no state',
  },
  {
    in: 'apps/bridge/web/src/views',
    refuses: ['apps/bridge/web/src/app'],
    because: 'the frame around the views knows the views, and they know the API and the components',
  },
  {
    in: 'apps/bridge/web/src/ui',
    refuses: ['apps/bridge/web/src/app', 'apps/bridge/web/src/views'],
    because: 'a component serves any view, so it knows none',
  },
  {
    in: 'apps/bridge/web/src/api',
    refuses: ['apps/bridge/web/src/app', 'apps/bridge/web/src/views', 'apps/bridge/web/src/ui'],
    because: 'how pages speak to the API is the floor on which they stand',
  },
  {
    in: 'apps/cli',
    refuses: [
      ...NEST,
      ...SERVER.filter((name) => !name.startsWith('node:')),
      ...MONGODB,
      ...KIT,
      '@keptn/git-store',
      '@keptn/embedded-mongodb',
    ],
    because:
      'the command is a client that starts in milliseconds and is one file: it takes models from the libraries, never server code',
  },
  {
    in: '*.controller.ts',
    refuses: [...MONGODB, ...GIT.slice(0, 1), 'undici'],
    because: 'a controller translates HTTP and nothing else; rules are in a service, engines below it',
  },
  {
    in: 'apps/*.service.ts',
    refuses: ['*.controller'],
    because: 'a rule knows nothing of the routes that lead to it; what both need has a file of its own',
  },
  {
    in: 'apps/*.store.ts',
    refuses: ['*.controller', '*.service'],
    because: 'a store knows the engine and no rule; what a rule needs of it, the rule asks for',
  },
  ...['git', 'view', 'domain'].map((floor) => ({
    in: `apps/configuration-service/src/${floor}`,
    refuses: CONFIGURATION_RESOURCES,
    because:
      'repositories, the view and the words of the domain are the floors on which the resources of the API stand',
  })),
  {
    in: 'apps/mongodb-datastore/src/log',
    refuses: ['event', 'contexts', 'delivery', 'projects', 'retention'].map(
      (name) => `apps/mongodb-datastore/src/${name}`,
    ),
    because: 'the log is the floor on which routes, delivery and retention stand, and is read without them',
  },
  {
    in: 'apps/api-service/src/control-plane',
    refuses: ['auth', 'config', 'evaluation', 'event', 'metadata', 'project', 'service', 'websocket'].map(
      (name) => `apps/api-service/src/${name}`,
    ),
    because: 'the clients of other services are used by the public verbs and know none of them',
  },
  {
    in: 'apps/api-gateway/src/routing',
    refuses: ['authentication', 'client', 'request', 'proxy', 'server', 'swagger', 'websocket'].map(
      (name) => `apps/api-gateway/src/${name}`,
    ),
    because: 'where a request goes is a function of its path, and is tested without a server',
  },
  {
    in: 'apps/cli/src/api',
    refuses: ['command-line', 'commands', 'contexts', 'input', 'output', 'project-folder'].map(
      (name) => `apps/cli/src/${name}`,
    ),
    because: 'the client of the API works without a terminal',
  },
];

/** Directions between projects by their tags, with the reason that lint adds to Nx' message. */
export const DIRECTIONS = [
  {
    sourceTag: 'layer:model',
    onlyDependOnLibsWithTags: ['layer:model'],
    because: 'Models are read by everything, so they know nothing but models.',
  },
  {
    sourceTag: 'layer:engine',
    onlyDependOnLibsWithTags: ['layer:engine'],
    because: 'An engine would serve any program, so it knows nothing of this one.',
  },
  {
    sourceTag: 'layer:kit',
    onlyDependOnLibsWithTags: ['layer:model', 'layer:kit'],
    because: 'The kit is what every service repeats; engines belong to the services that have them.',
  },
  {
    sourceTag: 'layer:app',
    onlyDependOnLibsWithTags: ['layer:model', 'layer:engine', 'layer:kit'],
    because: 'Apps speak to each other over HTTP; what two of them share is a library.',
  },
  {
    sourceTag: 'layer:web',
    onlyDependOnLibsWithTags: ['layer:model'],
    because: 'Pages run in a browser: contracts and models are all that they share with servers.',
  },
  {
    sourceTag: 'layer:tool',
    onlyDependOnLibsWithTags: ['layer:model', 'layer:engine', 'layer:kit', 'layer:tool'],
    because: 'Tools run apps as they are built, and use nothing but libraries and tools.',
  },
  ...['gateway', 'web', 'lighthouse-service'].map((scope) => ({
    sourceTag: `scope:${scope}`,
    onlyDependOnLibsWithTags: ['scope:shared', `scope:${scope}`],
    because: 'This app keeps nothing, so it needs no store.',
  })),
  {
    sourceTag: 'scope:shared',
    onlyDependOnLibsWithTags: ['scope:shared'],
    because: 'What all share must not bring along what only some have.',
  },
  {
    sourceTag: 'scope:cli',
    onlyDependOnLibsWithTags: ['layer:model', 'scope:cli'],
    because: 'The command is a client: it takes models from the libraries, never server code.',
  },
  {
    sourceTag: 'scope:api',
    onlyDependOnLibsWithTags: ['scope:shared', 'scope:api', 'scope:database'],
    because: 'Who may do what is kept in MongoDB, and nothing else here.',
  },
  {
    sourceTag: 'scope:configuration',
    onlyDependOnLibsWithTags: ['scope:shared', 'scope:configuration', 'scope:git', 'scope:database'],
    because: 'Git and the view are all that configuration-service keeps.',
  },
  {
    sourceTag: 'scope:events',
    onlyDependOnLibsWithTags: ['scope:shared', 'scope:events', 'scope:database'],
    because: 'Events are kept in MongoDB and nowhere else.',
  },
  {
    sourceTag: 'scope:shipyard-controller',
    onlyDependOnLibsWithTags: ['scope:shared', 'scope:shipyard-controller', 'scope:database'],
    because: 'What people look at is kept in MongoDB, and made from the event log.',
  },
  {
    sourceTag: 'scope:git',
    onlyDependOnLibsWithTags: ['scope:git'],
    because: 'Git repositories need nothing of the rest.',
  },
  {
    sourceTag: 'scope:database',
    onlyDependOnLibsWithTags: ['scope:shared', 'scope:database'],
    because: 'A database does not know what is kept in it.',
  },
];

/** Where the environment is read; everywhere else a value comes in as a parameter. */
export const ENVIRONMENT_READERS = [
  'libs/service-kit/src/run.ts',
  'apps/backup/src/main.ts',
  // Node reads it before any program runs.
  'libs/git-store/src/durable-files.ts',
  // What Git's own processes are given.
  'libs/git-store/src/git-process.ts',
  'libs/git-store/src/upstream/upstream-environment.ts',
  // The variables of docs/cli.md.
  'apps/cli/src/environment.ts',
];

export const ENVIRONMENT_REASON =
  "A variable is read once, by a service's settings.ts through the kit, so that a wrong one is named at the start and every one is documented. Take the value as a parameter.";
