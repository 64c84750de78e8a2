import type { EvaluationReport } from '@keptn/api-models';
import { shownNumber } from '@keptn/quality-gate/shown-number';
import { Link } from '@tanstack/react-router';
import { Facts } from '../../ui/facts';
import { Notice } from '../../ui/notice';
import { Card } from '../../ui/page';
import { Result } from '../../ui/status';
import { Time } from '../../ui/time';
import { IndicatorTable } from './indicator-table';
import { SloTrial } from './slo-trial';
import { Validity } from './validity';

/** Everything about one evaluation: what came of it and why, by which file, and whether it counts. */
export function EvaluationDetail({ evaluation }: { readonly evaluation: EvaluationReport }) {
  const { id, keptnContext, time, start, end, result, score, reasons, message, labels, indicators, slo } = evaluation;
  const { project, stage, service } = evaluation;
  return (
    <>
      <section className="stack" aria-labelledby="evaluation">
        <div className="row">
          <h2 id="evaluation">
            Evaluation <Time at={time} />
          </h2>
          <Result result={result} />
          <span className="number">{shownNumber(score)} of 100 points</span>
          <Link className="small" to="/run/$keptnContext" params={{ keptnContext }} search={{ event: id }}>
            the whole run
          </Link>
        </div>
        <Why reasons={reasons} message={message} result={result} />
        <IndicatorTable indicators={indicators} />
      </section>
      <div className="evaluation-parts">
        <Card>
          <h2>SLO file</h2>
          <SloTrial key={slo} names={{ project, stage, service }} slo={slo} />
        </Card>
        <div className="stack">
          <Card>
            <h2>Validity</h2>
            <Validity key={id} evaluation={evaluation} />
          </Card>
          <Card>
            <h2>About it</h2>
            <Facts
              facts={[
                ['Id', id],
                ['Keptn context', keptnContext],
                ['Ended', time],
                ['From', start],
                ['Until', end],
                ...Object.entries(labels),
              ]}
            />
          </Card>
        </div>
      </div>
    </>
  );
}

/** Events of other lighthouses give no reasons; then their message says what they say. */
function Why({ reasons, message, result }: Pick<EvaluationReport, 'message' | 'reasons' | 'result'>) {
  const lines = reasons.length > 0 ? reasons : [message].filter((text) => text !== '' && text !== result);
  if (lines.length === 0) return null;
  return (
    <Notice kind="neutral">
      {lines.map((line, index) => (
        <span key={index}>{line}</span>
      ))}
    </Notice>
  );
}
