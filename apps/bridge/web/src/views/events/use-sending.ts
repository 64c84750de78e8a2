import type { api } from '@keptn/api-models';
import type { InputOf } from '@keptn/api-models/client';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { callApi } from '../../api/clients';
import { type Attempt, attemptOf } from './attempt';

/** By which the API knows a repeat. */
type RepeatHeaders = Readonly<Record<'idempotency-key', string>>;

/**
 * Sends what begins a run, and goes there. What is sent again because nobody knows what became of it counts once.
 *
 * @param send a batch would be answered with a list
 */
export function useStarting<Input extends object>(
  send: (input: Input, headers: RepeatHeaders) => Promise<{ readonly keptnContext: string } | readonly unknown[]>,
) {
  const navigate = useNavigate();
  const last = useRef<Attempt>(undefined);
  return useMutation({
    mutationFn: async (input: Input) => {
      const attempt = attemptOf(input, last.current);
      last.current = attempt;
      const answer = await send(input, { 'idempotency-key': attempt.key });
      last.current = undefined;
      if (!('keptnContext' in answer)) return;
      await navigate({ to: '/run/$keptnContext', params: { keptnContext: answer.keptnContext } });
    },
  });
}

export const useSending = () =>
  useStarting((body: InputOf<typeof api.sendEvent>['body'], headers) => callApi('POST /v1/event', { body, headers }));
