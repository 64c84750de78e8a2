import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../api/rights';
import { Button } from '../../ui/button';
import { Code } from '../../ui/code';
import { Loaded } from '../../ui/loaded';
import { Notice } from '../../ui/notice';
import { Card, Page } from '../../ui/page';
import { ReadAgainButton } from '../../ui/read-again-button';
import { NewToken } from './new-token';
import { TokenCard } from './token-card';
import { tokensQuery } from './tokens.queries';

/** A token that was made a moment ago. */
export interface ShownToken {
  readonly name: string;
  readonly token: string;
}

/** The tokens of programs: what each permits, and when it was last used. */
export function TokensView() {
  const query = useQuery(tokensQuery);
  const mayManage = useMay('token:manage', 'any project');
  const [shown, setShown] = useState<ShownToken>();
  return (
    <Page title="Tokens" actions={<ReadAgainButton query={query} />}>
      {shown !== undefined && (
        <Card>
          <h2>The token {shown.name}</h2>
          <Notice kind="warning">Copy it now: it is shown this once, and stored nowhere.</Notice>
          <Code what="token" text={shown.token} />
          <div>
            <Button
              onClick={() => {
                setShown(undefined);
              }}
            >
              I have it
            </Button>
          </div>
        </Card>
      )}
      {mayManage && <NewToken onToken={setShown} />}
      <Loaded query={query}>
        {({ tokens }) =>
          tokens.length === 0 ? (
            <Notice kind="neutral">There are no tokens but the shared one.</Notice>
          ) : (
            <ul className="stack">
              {tokens.map((token) => (
                <li key={token.id}>
                  <TokenCard token={token} onToken={setShown} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}
