import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { callApi } from '../../api/clients';
import { queryClient } from '../../api/queries';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Choice, Field, Form, listIn, type Texts } from '../../ui/form';
import { Card } from '../../ui/page';
import { tokensQuery } from './tokens.queries';
import { type ShownToken } from './tokens-view';

/** Each holds what the one before holds. */
const ROLES = ['viewer', 'operator', 'editor', 'admin'] as const;

/** A token for a program. Nobody can give more than they may do themselves. */
export function NewToken({ onToken }: { readonly onToken: (token: ShownToken) => void }) {
  const [texts, setTexts] = useState<Texts>({});
  const creation = useMutation({
    mutationFn: ({ name = '', role, projects = '', expires = '' }: Texts) =>
      callApi('POST /v1/token', {
        body: {
          name,
          role: ROLES.find((each) => each === role) ?? ROLES[0],
          ...(projects !== '' && { projects: listIn(projects) }),
          ...(expires !== '' && { expiresAt: endOf(expires) }),
        },
      }),
    onSuccess: async ({ name, token }) => {
      onToken({ name, token });
      await queryClient.invalidateQueries(tokensQuery);
    },
    // The answer holds the token.
    gcTime: 0,
  });
  const { name = '', role = ROLES[0], projects = '', expires = '' } = texts;
  return (
    <Card>
      <h2>Create a token</h2>
      <Form action="Create token" attempt={creation} onSubmit={creation.mutate} onTexts={setTexts}>
        <Field name="name" label="Name of the token" required placeholder="ci-sockshop" />
        <Choice name="role" label="What it permits" options={ROLES} />
        <Field name="projects" label="For these projects, with commas; all when empty" />
        <Field name="expires" label="Last day (optional)" type="date" />
      </Form>
      <Code
        what="command that creates the token"
        text={commandLine('create token', [name || 'NAME'], {
          role,
          project: listIn(projects),
          expires: expires && endOf(expires),
        })}
      />
    </Card>
  );
}

const endOf = (day: string): string => `${day}T23:59:59Z`;
