import { z } from 'zod';
import { commonFields, flag, list, number, part, strategyFields, text, timeframeFields } from './common-data';

const carts = { project: 'sockshop', stage: 'staging', service: 'carts' };
const frame = { start: '2020-11-23T10:10:00.000Z', end: '2020-11-23T10:15:00.000Z' };

const sliResult = {
  metric: text('Name of the indicator', 'response_time_p95'),
  value: number('Its value', 487.5),
  success: flag('Whether a value could be found'),
  message: text('Why no value could be found'),
};

export const startEvaluationData = z
  .looseObject({
    ...commonFields,
    ...strategyFields,
    ...timeframeFields,
    indicatorValues: list(z.looseObject(sliResult), 'Values that are given, so that no SLI provider is asked'),
  })
  .meta({
    id: 'StartEvaluationData',
    description: 'A time frame of a service is to be evaluated',
    example: { ...carts, ...frame, teststrategy: 'manual', deploymentstrategy: '', labels: null },
  });

const sliFields = {
  ...commonFields,
  ...strategyFields,
  ...timeframeFields,
  deployment: text('canary or primary', 'canary'),
};

export const getSliData = z
  .looseObject({
    ...sliFields,
    sliProvider: text('The provider that is asked', 'prometheus'),
    indicators: list(z.string(), 'Names of the indicators that are wanted'),
    customFilters: list(z.looseObject({ key: text('Name'), value: text('Value') }), 'Filters of the SLO file'),
  })
  .meta({
    id: 'GetSliData',
    description: 'Values of indicators are wanted',
    example: { ...carts, ...frame, sliProvider: 'prometheus', indicators: ['response_time_p95'], customFilters: [] },
  });

export const getSliDoneData = z
  .looseObject({ ...sliFields, indicatorValues: list(z.looseObject(sliResult), 'One result for each indicator') })
  .meta({
    id: 'GetSliDoneData',
    description: 'Values of indicators were found',
    example: { ...carts, ...frame, indicatorValues: [{ metric: 'response_time_p95', value: 487.5, success: true }] },
  });

const target = z.looseObject({
  criteria: text('The criterion', '<=+10%'),
  targetValue: number('The value that it allows', 600),
  violated: flag('Whether the value is outside'),
});

const indicatorResult = z.looseObject({
  score: number('Score of the objective', 1),
  status: text('pass, warning, fail or info', 'pass'),
  value: part(sliResult, 'What was measured'),
  targets: list(target, 'The criteria, each with its value'),
});

export const evaluationDoneData = z
  .looseObject({
    ...commonFields,
    ...strategyFields,
    result: text('pass, warning, fail or failed', 'pass'),
    evaluationdetails: part(
      {
        timeStart: text('Start of the time frame', frame.start),
        timeEnd: text('End of the time frame', frame.end),
        result: text('As above, or why there is none', 'pass'),
        score: number('Score in percent', 100),
        sloFileContent: text('The SLO file in base64'),
        comparedEvents: list(z.string(), 'Ids of the evaluations that this one was compared with'),
        indicatorResults: list(indicatorResult, 'One result for each objective'),
      },
      'How the result came about',
    ),
  })
  .meta({
    id: 'EvaluationDoneData',
    description: 'An evaluation is done',
    example: { ...carts, result: 'pass', evaluationdetails: { result: 'pass', score: 100, indicatorResults: [] } },
  });

export const evaluationInvalidatedData = z
  .looseObject({
    ...commonFields,
    evaluation: part({ reason: text('Why it does not count', 'load test broke') }, 'Reason'),
  })
  .meta({
    id: 'EvaluationInvalidatedData',
    description: 'An evaluation does not count any more; `triggeredid` names it',
    example: { ...carts, evaluation: { reason: 'load test broke' } },
  });

export const evaluationRevalidatedData = z
  .looseObject({
    ...commonFields,
    evaluation: part({ reason: text('Why it counts again', 'the load test was sound') }, 'Reason'),
  })
  .meta({
    id: 'EvaluationRevalidatedData',
    description: 'An evaluation that was declared invalid counts again; `triggeredid` names it',
    example: { ...carts, evaluation: { reason: 'the load test was sound' } },
  });
