import { Scrolling } from '../../ui/page';
import { duration, useNow } from '../../ui/time';
import { type Lane, timeFrameOf } from './timeline';
import './timeline-chart.css';

const PERCENT = 100;

/** How long what took in which stage. The list of events says the same in words. */
export function TimelineChart({ lanes }: { readonly lanes: readonly Lane[] }) {
  const shown = lanes.filter(({ spans }) => spans.length > 0);
  const now = useNow();
  if (shown.length === 0) return null;
  const { start, end, isOpen } = timeFrameOf(
    shown.flatMap(({ spans }) => spans),
    now,
  );
  const length = end - start;
  const share = (time: number): number => ((time - start) / length) * PERCENT;
  return (
    <Scrolling label="Timeline">
      <div className="timeline">
        {shown.map(({ stage, service, spans }) => (
          <div key={`${stage}/${service}`} style={{ display: 'contents' }}>
            <span className="timeline-name small">
              {stage || 'no stage'} <span className="muted">{service}</span>
            </span>
            <ul className="timeline-track">
              {spans.map(({ phase, from, to, event }) => {
                const lasted = duration((to ?? end) - from);
                const words = to === undefined ? `${phase}, under way for ${lasted}` : `${phase} ${lasted}`;
                const left = Math.min(share(from), PERCENT - 1);
                return (
                  <li
                    key={event.id}
                    className={to === undefined ? 'timeline-span timeline-span-open' : 'timeline-span'}
                    style={{
                      left: `min(${left}%, 100% - 0.75rem)`,
                      width: `${Math.max(share(to ?? end) - left, 0.5)}%`,
                    }}
                    title={words}
                  >
                    {words}
                  </li>
                );
              })}
            </ul>
          </div>
        ))}
        <div className="timeline-axis muted small">
          <span>{new Date(start).toLocaleString('en')}</span>
          <span>
            {isOpen && 'now, '}
            {duration(length)} later
          </span>
        </div>
      </div>
    </Scrolling>
  );
}
