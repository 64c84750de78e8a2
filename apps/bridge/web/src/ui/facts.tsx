import { isWebAddress } from '../api/logged-event';
import './facts.css';

export type Fact = readonly [name: string, value: string];

/** Names and values, e.g. of an event. A value that is a web address is a link. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value], index) => (
        <div key={index} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>
            <Linked text={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Linked({ text }: { readonly text: string }) {
  if (!isWebAddress(text)) return <>{text}</>;
  return (
    <a href={text} target="_blank" rel="noreferrer noopener">
      {text}
    </a>
  );
}
