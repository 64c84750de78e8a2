/**
 * The lists and pages that name every service, and what a new one gets in them. Those in JSON are written by `service.mjs`.
 *
 * @typedef {{ name: string, description: string, propertyName: string }} Names
 * @typedef {object} Entry
 * @property {string} file
 * @property {string} before what the entry goes in front of; empty for the end of the file
 * @property {(names: Names) => string} text
 * @property {(names: Names) => string} [unless] the entry is there already when the file holds this
 */

/** @type {readonly Entry[]} */
export const ENTRIES = [
  {
    file: 'libs/api-models/src/index.ts',
    before: '',
    text: ({ name, propertyName }) => `\nexport { ${propertyName}Api } from './${name}/${name}';\n`,
  },
  {
    file: 'tools/walls/walls.mjs',
    before: "  {\n    in: 'apps/cli',\n",
    unless: ({ name }) => `in: 'apps/${name}'`,
    text: ({ name }) => `  {
    in: 'apps/${name}',
    refuses: [...GIT, ...MONGODB, '@keptn/embedded-mongodb', '@keptn/quality-gate'],
    because: '${name} keeps nothing; what it needs it asks of the services that do',
  },
`,
  },
  {
    file: 'tools/walls/walls.mjs',
    before: '].map((scope) => ({\n    sourceTag: `scope:${scope}`',
    text: ({ name }) => `, '${name}'`,
  },
  {
    file: 'deploy/Dockerfile',
    before: 'FROM base AS development-mongodb\n',
    text: ({ name, description }) => `FROM base AS ${name}
LABEL org.opencontainers.image.title="${name}" \\
      org.opencontainers.image.description="${description}"
COPY --from=build /runtime/${name}/packages ./
COPY --from=build /runtime/${name}/bundle ./

`,
  },
  { file: 'deploy/base/kustomization.yaml', before: 'images:\n', text: ({ name }) => `  - ${name}.yaml\n` },
  {
    file: 'deploy/base/kustomization.yaml',
    before: '',
    text: ({ name }) => `  - name: keptn/${name}\n    newTag: 0.1.0\n`,
  },
  {
    file: 'deploy/overlays/development/kustomization.yaml',
    before: '  - { name: mongodb-datastore, count: 1 }\n',
    text: ({ name }) => `  - { name: ${name}, count: 1 }\n`,
  },
  {
    file: 'deploy/components/service-monitor/service-monitor.yaml',
    before: '            mongodb-datastore,\n',
    text: ({ name }) => `            ${name},\n`,
  },
  {
    file: 'deploy/components/disruption-budgets/disruption-budgets.yaml',
    before: '',
    text: ({ name }) => `---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${name}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
`,
  },
  {
    file: 'deploy/components/network-policies/network-policies.yaml',
    before: '# For a database in the namespace',
    text: ({ name }) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: to-${name}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [api-gateway] }
      ports: [{ port: http, protocol: TCP }]
---
`,
  },
  {
    file: 'docs/architecture.md',
    before: '| `apps/configuration-service`',
    text: ({ name, description }) => `| \`apps/${name}\` | ${description} | storage |\n`,
  },
];
