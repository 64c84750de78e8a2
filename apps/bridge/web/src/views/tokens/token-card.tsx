import type { Token } from '@keptn/api-models';
import { useMutation } from '@tanstack/react-query';
import { callApi } from '../../api/clients';
import { queryClient } from '../../api/queries';
import { Button } from '../../ui/button';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { DeleteByName } from '../../ui/delete-by-name';
import { Facts } from '../../ui/facts';
import { Failure } from '../../ui/notice';
import { Card } from '../../ui/page';
import { Time } from '../../ui/time';
import { tokensQuery } from './tokens.queries';
import { type ShownToken } from './tokens-view';

interface TokenCardProps {
  readonly token: Token;
  readonly onToken: (token: ShownToken) => void;
}

export function TokenCard({ token, onToken }: TokenCardProps) {
  const { name, role, scopes, projects, createdAt, createdBy, expiresAt, lastUsedAt } = token;
  const parameters = { name };
  const onSuccess = (): Promise<void> => queryClient.invalidateQueries(tokensQuery);
  const rotation = useMutation({
    mutationFn: () => callApi('POST /v1/token/{name}/rotate', { parameters, body: {} }),
    onSuccess: async (rotated) => {
      onToken({ name, token: rotated.token });
      await onSuccess();
    },
    gcTime: 0,
  });
  const deletion = useMutation({ mutationFn: () => callApi('DELETE /v1/token/{name}', { parameters }), onSuccess });
  return (
    <Card>
      <h2 className="break">{name}</h2>
      <Facts
        facts={[
          ['Permits', role ?? scopes.join(', ')],
          ['Projects', projects?.join(', ') ?? 'all'],
          ['Expires', expiresAt ?? 'never'],
          ['Created by', createdBy],
        ]}
      />
      <p className="muted small">
        created <Time at={createdAt} />,{' '}
        {lastUsedAt === undefined ? (
          'never used'
        ) : (
          <>
            used <Time at={lastUsedAt} />
          </>
        )}
      </p>
      {rotation.error !== null && <Failure error={rotation.error} />}
      <div className="row">
        <Button
          disabled={rotation.isPending}
          aria-label={`Rotate ${name}`}
          onClick={() => {
            rotation.mutate();
          }}
        >
          Rotate
        </Button>
        <span className="muted small">The token before counts for an hour beside the new one.</span>
      </div>
      <Code what={`command that rotates ${name}`} text={commandLine('rotate token', [name])} />
      <details>
        <summary>Delete this token</summary>
        <DeleteByName
          kind="token"
          name={name}
          attempt={{
            ...deletion,
            mutate: () => {
              deletion.mutate();
            },
          }}
        />
        <Code what={`command that deletes ${name}`} text={commandLine('delete token', [name])} />
      </details>
    </Card>
  );
}
