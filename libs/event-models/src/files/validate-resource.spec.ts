import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeFinding } from './finding';
import { resourceUri } from '../names/resource-uri';
import { validateResource as validate } from './validate-resource';

const validateResource = (uri: string, content: string | Uint8Array) => validate(resourceUri.parse(uri), content);

const fixtures = new URL('../../test/fixtures/', import.meta.url);
const resourceNameOf = (file: string) => `${/^(?:shipyard|slo|sli|remediation)/.exec(file)?.[0] ?? ''}.yaml`;
const examples = ['sockshop-0.1', 'sockshop-0.2'].flatMap((folder) =>
  readdirSync(new URL(folder, fixtures)).map((file) => [`${folder}/${file}`, resourceNameOf(file)] as const),
);

const faultsOf = (uri: string, text: string) => validateResource(uri, text).map(describeFinding);

describe('validateResource', () => {
  it.each(examples)('finds nothing wrong in the example %s', (path, uri) => {
    expect(validateResource(uri, readFileSync(new URL(path, fixtures), 'utf8'))).toEqual([]);
  });

  it('reads bytes as UTF-8, and says so of others', () => {
    expect(validateResource('slo.yaml', Buffer.from('objectives: [{sli: ä}]'))).toEqual([]);
    expect(validateResource('slo.yaml', Buffer.from([0xff])).map(describeFinding)).toEqual([
      'line 1, column 1: the file must be UTF-8 text',
    ]);
    expect(validateResource('image.png', Buffer.from([0xff]))).toEqual([]);
  });

  it('looks at the files that Keptn reads, wherever it reads them', () => {
    for (const uri of [
      'shipyard.yaml',
      '/shipyard.yaml',
      './slo.yaml',
      'slo.yaml',
      'remediation.yaml',
      'sli.yaml',
      'prometheus/sli.yaml',
    ]) {
      expect(validateResource(uri, '- a')).toHaveLength(1);
    }
    for (const uri of ['helm/slo.yaml', 'values.yaml', 'mysli.yaml', 'toString', 'sli.yaml.bak']) {
      expect(validateResource(uri, '- a')).toEqual([]);
    }
  });

  it.each([
    ['objectives: none', 'line 1, column 13: objectives: must be a list of objectives'],
    ['objectives:\n  - weight: 1', 'line 2, column 5: objectives[0].sli: sli is required: the name of an indicator'],
    [
      'objectives:\n  - sli: a\n    pass:\n      - criteria: ["=>5"]',
      'line 4, column 20: objectives[0].pass[0].criteria[0]: must be an operator',
    ],
    ['objectives: [{sli: a, weight: 1.5}]', 'line 1, column 31: objectives[0].weight: must be a whole number'],
    ['objectives: [{sli: a, key_sli: "yes"}]', 'line 1, column 32: objectives[0].key_sli: must be true or false'],
    ['objectives: [{sli: a}]\ntotal_score: {pass: most}', 'line 2, column 21: total_score.pass: must be a percentage'],
    [
      'objectives: [{sli: a}]\ncomparison: {compare_with: best}',
      'line 2, column 28: comparison.compare_with: must be "single_result" or "several_results"',
    ],
    [
      'objectives: [{sli: a}]\ncomparison: {number_of_comparison_results: 101}',
      'line 2, column 44: comparison.number_of_comparison_results: must be a whole number from 1 to 100',
    ],
  ])('finds in slo.yaml %j: %s', (text, fault) => {
    expect(faultsOf('slo.yaml', text)[0]).toContain(fault);
  });

  it.each(['<=+10%', '< 600', '=0', '>-5.5%', '>=.5', '<=800'])('accepts the criterion %s', (criterion) => {
    expect(
      faultsOf('slo.yaml', `objectives: [{sli: a, pass: [{criteria: ["${criterion}"]}]}]\ntotal_score: {pass: 90}`),
    ).toEqual([]);
  });

  it.each([
    ['spec_version: "1.0"', 'line 1, column 1: indicators: indicators is required'],
    ['indicators: {}', 'line 1, column 13: indicators: at least one indicator is required'],
    ['indicators:\n  a: [1]', 'line 2, column 6: indicators.a: must be the text of a query'],
    ['indicators:\n  a:', 'line 2, column 5: indicators.a: must be the text of a query'],
    ['indicators:\n  a: ""', 'line 2, column 6: indicators.a: must not be empty'],
    ['indicators:\n  a: x\n  a: y', 'line 3, column 3: the key "a" is given twice in one mapping'],
  ])('finds in sli.yaml %j: %s', (text, fault) => {
    expect(faultsOf('sli.yaml', text)[0]).toContain(fault);
  });

  it.each([
    ['remediations:\n  - actions: []', 'line 2, column 5: remediations[0].name: name is required'],
    [
      'remediations:\n  - name: a\n    actions:\n      - value: 1',
      'line 4, column 9: remediations[0].actions[0].action: action is required',
    ],
    [
      'apiVersion: spec.keptn.sh/0.1.4\nkind: Shipyard\nspec: {remediations: []}',
      'line 2, column 7: kind: must be "Remediation"',
    ],
    [
      'apiVersion: spec.keptn.sh/0.1.4\nspec:\n  remediations:\n    - problemType: x',
      'line 4, column 7: spec.remediations[0].actionsOnOpen: actionsOnOpen is required',
    ],
  ])('finds in remediation.yaml %j: %s', (text, fault) => {
    expect(faultsOf('remediation.yaml', text)[0]).toContain(fault);
  });

  it.each([
    [
      'slo.yaml',
      "---\nspec_version: '0.1.0'\ncomparison:\nobjectives:\n",
      'hint: objectives: there are none to evaluate',
    ],
    ['slo.yaml', 'spec_version: "1.0"', 'hint: objectives: there are none to evaluate'],
    ['slo.yaml', 'objectives: []', 'hint: objectives: there are none to evaluate'],
    [
      'neoload/sli.yaml',
      "spec_version: '1.0'\nindicators:\n    hits:\n      metricType: GLOBAL\n      statistics: AVG\n",
      "line 4, column 7: hint: indicators.hits: is a mapping: Keptn's own providers need the text of a query",
    ],
    [
      'shipyard.yaml',
      'apiVersion: spec.keptn.sh/0.2.0\nspec:\n  stages:\n    - name: dev\n      sequences:\n        - name: delivery\n',
      'line 6, column 11: hint: spec.stages[0].sequences[0]: the sequence "delivery" has no tasks',
    ],
    [
      'shipyard.yaml',
      'stages:\n  - name: dev\n    sequences:\n      - {name: delivery, tasks: []}\n',
      'line 4, column 9: hint: stages[0].sequences[0]: the sequence "delivery" has no tasks',
    ],
  ])('has no more than a hint about %s with %j', (uri, text, hint) => {
    const findings = validateResource(uri, text);
    expect(findings.map(({ severity }) => severity)).toEqual(['hint']);
    expect(findings.map(describeFinding)).toEqual([expect.stringContaining(hint)]);
  });
});
