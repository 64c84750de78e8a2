import { describe, expect, it } from 'vitest';
import { type Finding } from './finding';
import { InvalidSlo, parseSlo } from './slo';
import { SLO_FORMAT } from './slo-format';
import { readYamlFile } from './yaml-file';

const faultsOf = (text: string): readonly Finding[] => {
  try {
    parseSlo(text);
    return [];
  } catch (error) {
    if (error instanceof InvalidSlo) return error.findings;
    throw error;
  }
};

describe('an SLO file', () => {
  it('is read as Keptn 0.7 reads it: YAML 1.1, keys in any case, text of numbers and booleans, the first document', () => {
    const slo = parseSlo(
      [
        'Filter: {port: 8080, canary: yes}',
        'objectives:',
        '- SLI: 4711',
        '  key_sli: on',
        '  weight: 0',
        '  displayName: Speed',
        '  displayName: Response time',
        'total_score: {pass: 90}',
        '---',
        'a second document',
      ].join('\n'),
    );
    expect(slo).toEqual({
      filters: [
        { key: 'port', value: '8080' },
        { key: 'canary', value: 'true' },
      ],
      comparison: { results: 1, include: 'all', aggregate: 'avg' },
      objectives: [{ sli: '4711', displayName: 'Response time', isKeySli: true, weight: 1, pass: [], warning: [] }],
      totalScore: { pass: '90', warning: '' },
    });
  });

  it.each([
    ['2020-11-05', '2020-11-05'],
    ['2020-11-05T10:00:00Z', '2020-11-05T10:00:00Z'],
    ['10:30', '10:30'],
    ['1:30.5', '1:30.5'],
    ['12e34567', '12e34567'],
    ['12345678901234567890', '12345678901234567890'],
    ['9007199254740993', '9007199254740993'],
    ['0x1F', '31'],
    ['1.10', '1.1'],
    ['yes', 'true'],
  ])('has %s as the text %s', (written, text) => {
    const slo = parseSlo(`filter: {release: ${written}}\nobjectives: [{sli: ${written}}]\n`);
    expect(slo.filters).toEqual([{ key: 'release', value: text }]);
    expect(slo.objectives[0]?.sli).toBe(text);
  });

  it('takes the spelling in small letters, wherever it stands', () => {
    expect(parseSlo('objectives: [{sli: a}]\nObjectives: []\n').objectives).toHaveLength(1);
    expect(parseSlo('Objectives: []\nobjectives: [{sli: a}]\n').objectives).toHaveLength(1);
  });

  it('may have a display name of a form that Keptn 0.7 did not look at', () => {
    expect(parseSlo('objectives: [{sli: a, displayName: {en: A}}]').objectives[0]).not.toHaveProperty('displayName');
  });

  it('is refused when it asks for another version of YAML', () => {
    expect(faultsOf('%YAML 1.2\n---\nobjectives: []\n')).toMatchObject([
      { message: expect.stringContaining('YAML 1.2') },
    ]);
    expect(faultsOf('%YAML 1.1\n---\nobjectives: []\n')).toEqual([]);
  });

  it.each([
    ['{}', { results: 1, include: 'all', aggregate: 'avg' }],
    ['comparison: {}', { results: 3, include: 'all', aggregate: 'avg' }],
    ['comparison: {number_of_comparison_results: 7}', { results: 3, include: 'all', aggregate: 'avg' }],
    [
      'comparison: {compare_with: several_results, number_of_comparison_results: 7, aggregate_function: p90}',
      { results: 7, include: 'all', aggregate: 'p90' },
    ],
    [
      'comparison: {compare_with: single_result, include_result_with_score: PASS, aggregate_function: AVG}',
      { results: 1, include: 'pass', aggregate: 'unknown' },
    ],
  ])('compares by %s', (text, comparison) => {
    expect(parseSlo(text).comparison).toEqual(comparison);
  });

  it.each([
    ['# nothing here', 1, ''],
    ['objectives: {a', 1, ''],
    ['objectives:\n- sli: a\n  weight: 1.5', 3, 'objectives[0].weight'],
    ['objectives:\n- null', 2, 'objectives[0]'],
    ['objectives:\n- sli: a\n  pass:\n  - null', 4, 'objectives[0].pass[0]'],
    ['objectives:\n- sli: a\n  pass: <600', 3, 'objectives[0].pass'],
    ['objectives:\n- sli: a\n  key_sli: maybe', 3, 'objectives[0].key_sli'],
    ['objectives: [[]]', 1, 'objectives[0]'],
  ])('that cannot be evaluated says where: %j', (text, line, field) => {
    expect(faultsOf(text)).toEqual([expect.objectContaining({ line, field, severity: 'error' })]);
  });

  it.each([
    [
      'comparison: {number_of_comparison_results: 5}',
      ['counts with compare_with: several_results only; 3 it is without'],
    ],
    [
      'comparison: {compare_with: single_result, number_of_comparison_results: 5}',
      ['counts with compare_with: several_results only; 1 it is without'],
    ],
    ['comparison: {compare_with: single_result, number_of_comparison_results: 1}', []],
    ['comparison: {compare_with: several_results, number_of_comparison_results: 5}', []],
  ])('gets a hint when its number of results is not used: %s', (text, hints) => {
    const { findings } = readYamlFile(`${text}\nobjectives: [{sli: a}]`, SLO_FORMAT);
    expect(findings.map(({ message }) => message)).toEqual(hints);
  });

  it('gets hints where it is legal but may not mean what it seems to', () => {
    const text = [
      'objectives:',
      '- sli: a',
      '  pass:',
      '  - criteria: ["<=10%", ">=-5", "<=+10%", "<1e3"]',
      '- sli: b',
      '  warning:',
      '  - criteria: ["<5"]',
      '- sli: c',
      '  pass:',
      '  - criteria: []',
    ].join('\n');
    expect(readYamlFile(text, SLO_FORMAT).findings.map(({ line, field, message }) => [line, field, message])).toEqual([
      [7, 'objectives[1].warning', 'has no effect without pass: the objective only informs'],
      [1, 'total_score.pass', 'is needed: without it every evaluation ends as failed'],
      [10, 'objectives[2].pass[0].criteria', 'is empty, so that pass holds with any value that the provider answers'],
      [4, 'objectives[0].pass[0].criteria[0]', 'a percentage without a sign means plus: write "<=+10%"'],
      [
        4,
        'objectives[0].pass[0].criteria[1]',
        'a minus makes it relative: the earlier value less 5; there are no negative fixed limits',
      ],
    ]);
  });
});
