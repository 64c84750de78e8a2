import type { IndicatorRow } from '@keptn/api-models';
import { type EvaluatedGate, locationOf, nameOf, reasonOf, totalReasons, valueOf } from './evaluated-gate';

interface TestCase {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'error';
  readonly text: string;
}

const PASSED = new Set(['pass', 'warning']);

/**
 * An evaluation as a JUnit report, as Jenkins, GitLab and others read it: a test case for each indicator, and one for the verdict.
 * JUnit has no warnings, so a warning is a test that passes and says so in its output.
 */
export function junitOf(gate: EvaluatedGate): string {
  const cases = [
    ...gate.indicators.map((indicator, index) => caseOf(indicator, reasonOf(gate, index))),
    verdictOf(gate),
  ];
  const suite = locationOf(gate).replaceAll('/', '.');
  const counts = [
    attribute('tests', cases.length),
    attribute('failures', cases.filter(({ outcome }) => outcome === 'failed').length),
    attribute('errors', cases.filter(({ outcome }) => outcome === 'error').length),
    attribute('time', 0),
  ].join('');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attribute('name', 'keptn evaluate')}${counts}>`,
    `  <testsuite${attribute('name', suite)}${counts}${timestamp(gate)}>`,
    ...cases.flatMap((each) => elementOf(each, suite)),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

function caseOf(indicator: IndicatorRow, reason: string | undefined): TestCase {
  const { sli, status, message } = indicator;
  const text =
    reason ?? `${status}: ${nameOf(indicator)} is ${valueOf(indicator)}${message === undefined ? '' : `: ${message}`}`;
  return { name: sli, outcome: status === 'fail' ? 'failed' : 'passed', text };
}

function verdictOf(gate: EvaluatedGate): TestCase {
  const text = totalReasons(gate).join('\n');
  if (PASSED.has(gate.result)) return { name: 'verdict', outcome: 'passed', text };
  return { name: 'verdict', outcome: gate.result === 'fail' ? 'failed' : 'error', text };
}

function elementOf({ name, outcome, text }: TestCase, classname: string): readonly string[] {
  // Of several reasons the last one decides.
  const headline = text.split('\n').at(-1) ?? '';
  const element = outcome === 'failed' ? 'failure' : 'error';
  const child =
    outcome === 'passed'
      ? `<system-out>${escaped(text)}</system-out>`
      : `<${element}${attribute('message', headline)}${attribute('type', outcome)}>${escaped(text)}</${element}>`;
  return [
    `    <testcase${attribute('classname', classname)}${attribute('name', name)}${attribute('time', 0)}>`,
    `      ${child}`,
    '    </testcase>',
  ];
}

/** Seconds and no zone, as the format has it. */
const timestamp = ({ end }: EvaluatedGate): string => {
  const time = Date.parse(end);
  return Number.isNaN(time) ? '' : attribute('timestamp', new Date(time).toISOString().slice(0, 19));
};

const attribute = (name: string, value: string | number): string => ` ${name}="${escaped(String(value))}"`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML 1.0 cannot hold in any form. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const escaped = (text: string): string =>
  text.replaceAll(FORBIDDEN, '\ufffd').replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
