import { join } from 'node:path';
import * as prometheusOperator from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import * as apps from 'kubernetes-models/apps/v1';
import * as autoscaling from 'kubernetes-models/autoscaling/v2';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as rbac from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import * as core from 'kubernetes-models/v1';
import ts from 'typescript';
import { type KubernetesObject, nameOf } from './rendered';

/** Where the models of an apiVersion are: the module for the compiler, its classes for the validation. */
const MODELS: Readonly<Record<string, { readonly module: string; readonly classes: object }>> = {
  v1: { module: 'kubernetes-models/v1', classes: core },
  'apps/v1': { module: 'kubernetes-models/apps/v1', classes: apps },
  'autoscaling/v2': { module: 'kubernetes-models/autoscaling/v2', classes: autoscaling },
  'networking.k8s.io/v1': { module: 'kubernetes-models/networking.k8s.io/v1', classes: networking },
  'policy/v1': { module: 'kubernetes-models/policy/v1', classes: policy },
  'rbac.authorization.k8s.io/v1': { module: 'kubernetes-models/rbac.authorization.k8s.io/v1', classes: rbac },
  'monitoring.coreos.com/v1': {
    module: '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1',
    classes: prometheusOperator,
  },
};

type ModelClass = new (document: KubernetesObject) => { validate(): void };

/** @returns what the schemas of a current Kubernetes say against the documents: formats, ranges, required fields */
export function schemaComplaints(documents: readonly KubernetesObject[]): string[] {
  return documents.flatMap((document) => {
    const classes = MODELS[document.apiVersion]?.classes as Record<string, ModelClass> | undefined;
    const Model = classes?.[document.kind];
    if (Model === undefined) {
      return [`${nameOf(document)}: ${document.apiVersion} has no such kind`];
    }
    try {
      new Model(document).validate();
      return [];
    } catch (error) {
      return [`${nameOf(document)}: ${String(error)}`];
    }
  });
}

/**
 * @param sets documents by the folder that they are rendered from; one run of the compiler checks them all
 * @param workspace folder whose node_modules has the models
 * @returns fields that Kubernetes does not have. The schemas let them pass; the compiler does not, in an object literal.
 */
export function unknownFields(sets: ReadonlyMap<string, readonly KubernetesObject[]>, workspace: string): string[] {
  const folders = new Map([...sets.keys()].map((folder, index) => [join(workspace, `rendered-${index}.ts`), folder]));
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  } satisfies ts.CompilerOptions;
  const host = ts.createCompilerHost(options);
  const readFromDisk = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    const documents = sets.get(folders.get(name) ?? '');
    if (documents === undefined) return readFromDisk(name, ...rest);
    return ts.createSourceFile(name, documents.map(typedLiteral).join('\n'), ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...folders.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ start = 0, file, messageText }) => {
    const folder = folders.get(file?.fileName ?? '') ?? '';
    const document = sets.get(folder)?.[file?.getLineAndCharacterOfPosition(start).line ?? 0];
    const name = document === undefined ? '' : nameOf(document);
    return `${folder}: ${name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

/** One line for each document, so that the line of a complaint tells the document. */
const typedLiteral = (document: KubernetesObject, index: number): string => {
  const module = MODELS[document.apiVersion]?.module ?? 'unknown';
  return `export const document${index}: import('${module}').I${document.kind} = ${JSON.stringify(document)};`;
};
