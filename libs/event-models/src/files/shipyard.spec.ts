import { readFileSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { encodeBase64Content } from '../names/base64-content';
import { decodeShipyard, InvalidShipyard, parseShipyard } from './shipyard';

const fixture = (path: string) => readFileSync(new URL(`../../test/fixtures/${path}`, import.meta.url), 'utf8');

function refusal(read: () => unknown): InvalidShipyard {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidShipyard) return error;
    throw error;
  }
  throw new Error('the shipyard was accepted');
}

describe('parseShipyard', () => {
  it('reads stages with strategies', () => {
    const source = fixture('sockshop-0.1/shipyard.yaml');
    expect(parseShipyard(source)).toEqual({
      version: '0.1',
      stages: [
        { name: 'dev', deploymentStrategy: 'direct', testStrategy: 'functional', sequences: [] },
        {
          name: 'staging',
          deploymentStrategy: 'blue_green_service',
          testStrategy: 'performance',
          approvalStrategy: { pass: 'automatic', warning: 'automatic' },
          sequences: [],
        },
        {
          name: 'production',
          deploymentStrategy: 'blue_green_service',
          remediationStrategy: 'automated',
          approvalStrategy: { pass: 'automatic', warning: 'manual' },
          sequences: [],
        },
      ],
      source,
    });
  });

  it('reads stages with sequences', () => {
    const shipyard = parseShipyard(fixture('sockshop-0.2/shipyard.yaml'));
    expect(shipyard.version).toBe('spec.keptn.sh/0.2.2');
    expect(shipyard.stages.map(({ name, sequences }) => [name, sequences.map((sequence) => sequence.name)])).toEqual([
      ['dev', ['delivery', 'delivery-direct']],
      ['staging', ['delivery', 'rollback', 'delivery-direct']],
      ['production', ['delivery', 'rollback', 'delivery-direct', 'remediation']],
    ]);
    expect(shipyard.stages[1]?.sequences[1]).toEqual({
      name: 'rollback',
      triggeredOn: [{ event: 'staging.delivery.finished', match: { result: 'fail' } }],
      tasks: [{ name: 'rollback', properties: {} }],
    });
    expect(shipyard.stages[2]?.sequences[3]?.tasks[2]).toEqual({
      name: 'evaluation',
      triggeredAfter: '15m',
      properties: { timeframe: '15m' },
    });
  });

  it.each(['sockshop-0.1/shipyard-quality-gates.yaml', 'sockshop-0.2/shipyard-quality-gates.yaml'])(
    'reads %s',
    (path) => {
      expect(parseShipyard(fixture(path)).stages).toEqual([{ name: 'hardening', sequences: [] }]);
    },
  );

  it('reads names as they are written, whatever YAML makes of them', () => {
    const names = parseShipyard('stages:\n  - name: 1.10\n  - name: true\n  - name: 0x1\n').stages.map(
      ({ name }) => name,
    );
    expect(names).toEqual(['1.10', 'true', '0x1']);
  });

  it('reads anchors, aliases and merges', () => {
    const source =
      'base: &base {deployment_strategy: direct}\nstages:\n  - {name: a, <<: *base}\n  - {<<: *base, name: b}\n';
    expect(parseShipyard(source).stages.map(({ deploymentStrategy }) => deploymentStrategy)).toEqual([
      'direct',
      'direct',
    ]);
  });

  it.each([
    ['', 'line 1, column 1: the file must hold a YAML mapping (`key: value` lines)'],
    ['- a', 'line 1, column 1: the file must hold a YAML mapping (`key: value` lines)'],
    ['foo: 1', 'line 1, column 1: stages: stages is required and must be a list of stages'],
    ['stages: []', 'line 1, column 9: stages: at least one stage is required'],
    [
      'stages:\n  - name: dev\n  - name: a b',
      'line 3, column 11: stages[1].name: stage name is not valid: use 1 to 100',
    ],
    ['stages:\n  - name: master', 'line 2, column 11: stages[0].name: stage name must not be "master"'],
    ['stages:\n  - name: dev\n  - name: dev', 'line 3, column 11: stages[1].name: the stage "dev" is given twice'],
    ['stages:\n  - test_strategy: x', 'line 2, column 5: stages[0].name: stage name must be a string'],
    ['stages:\n  - dev', 'line 2, column 5: stages[0]: a stage must be a mapping with a name'],
    [
      'stages:\n  - name: dev\n    approval_strategy:\n      pass: manul',
      'line 4, column 13: stages[0].approval_strategy.pass: must be "automatic" or "manual"',
    ],
    ['stages:\n  - name: dev\n    name: prod', 'line 3, column 5: the key "name" is given twice in one mapping'],
    ['stages:\n  - name: "dev', 'line 2, column 15: Missing closing "quote'],
    ['stages: [{name: a}]\n---\nb: 1', 'line 2, column 1: the file must hold one YAML document only'],
    ['apiVersion: v1\nspec: {stages: [{name: a}]}', 'line 1, column 13: apiVersion: must be "spec.keptn.sh/0.2.x"'],
    [
      'apiVersion: spec.keptn.sh/0.2.0\nkind: SLO\nspec: {stages: [{name: a}]}',
      'line 2, column 7: kind: must be "Shipyard"',
    ],
    ['apiVersion: spec.keptn.sh/0.2.0', 'line 1, column 1: spec: spec is required and must be a mapping with stages'],
    [
      'apiVersion: spec.keptn.sh/0.2.0\nspec:\n  stages:\n    - name: a\n      sequences:\n        - tasks: []',
      'line 6, column 11: spec.stages[0].sequences[0].name: the name of a sequence is required',
    ],
    ['stages: *nothing', 'Unresolved alias (the anchor must be set before the alias): nothing'],
    ['a: &a [*a]\nstages: [{name: a}]', 'line 1, column 8: *a must not refer to what contains it'],
    ['<<: 5\nstages: [{name: a}]', 'Merge sources must be maps or map aliases'],
  ])('refuses %j: %s', (source, message) => {
    expect(refusal(() => parseShipyard(source)).message).toContain(message);
  });

  it('lists every fault', () => {
    const { findings } = refusal(() => parseShipyard('stages:\n  - name: a b\n  - name: HEAD\n'));
    expect(findings.map(({ line, field }) => [line, field])).toEqual([
      [2, 'stages[0].name'],
      [3, 'stages[1].name'],
    ]);
  });

  it('refuses more stages than there can be branches for', () => {
    const stages = Array.from({ length: 101 }, (_, index) => `  - name: s${index}`);
    expect(refusal(() => parseShipyard(`stages:\n${stages.join('\n')}`)).message).toContain('at most 100 stages');
  });
});

describe('a shipyard made to exhaust its reader', () => {
  const MEBIBYTE = 1024 * 1024;
  const filled = (unit: string) => unit.repeat(Math.floor(MEBIBYTE / unit.length));
  const levels = (line: (level: number) => string) =>
    'a0: &a0 {x: 1}\n' + Array.from({ length: 40 }, (_, index) => line(index + 1)).join('\n');

  it.each([
    ['a tower of aliases', levels((n) => `a${n}: &a${n} [*a${n - 1}, *a${n - 1}]`), 'expand aliases'],
    ['a tower of merges', levels((n) => `a${n}: &a${n} {<<: [*a${n - 1}, *a${n - 1}]}`), 'expand aliases'],
    [
      'a tower of merges in fields',
      levels((n) => `a${n}: &a${n} {x: {<<: *a${n - 1}}, y: {<<: *a${n - 1}}}`),
      'expand aliases',
    ],
    ['nothing but aliases', 'a: &a 1\nb:\n' + filled('- *a\n').slice(20), 'expand aliases'],
    ['nothing but brackets', filled('['), 'nested deeper than 100 levels'],
    ['nothing but dashes', filled('- '), 'more than 100000'],
    ['many deep levels', '- '.repeat(40_000), 'nested deeper than 100 levels'],
    [
      'many indented levels',
      Array.from({ length: 400 }, (_, n) => ' '.repeat(n) + 'a:').join('\n'),
      'nested deeper than 100 levels',
    ],
    ['many keys', filled('k: 1\n'), 'more than 100000'],
    ['too many bytes', filled('é') + 'é', 'must not be larger than 1048576 bytes'],
  ])('of %s is refused within two seconds of CPU time', (_what, source, reason) => {
    const start = process.cpuUsage();
    expect(refusal(() => parseShipyard(source)).message).toContain(reason);
    expect(process.cpuUsage(start).user).toBeLessThan(2_000_000);
  });
});

describe('decodeShipyard', () => {
  it('reads base64 of YAML', () => {
    expect(decodeShipyard(encodeBase64Content('stages: [{name: dev}]')).stages[0]?.name).toBe('dev');
  });

  it.each([
    ['not base64!', 'shipyard: content is not valid base64'],
    ['//79', 'shipyard: content must be UTF-8 text'],
    ['', 'the file must hold a YAML mapping'],
    [encodeBase64Content(Buffer.alloc(1024 * 1024 + 1)), 'shipyard: content must not be larger than 1048576 bytes'],
  ])('refuses %.20j: %s', (base64, message) => {
    expect(refusal(() => decodeShipyard(base64)).message).toContain(message);
  });
});
