import type { api } from '@keptn/api-models';
import type { InputOf } from '@keptn/api-models/client';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { callApi } from '../../api/clients';
import { type Attempt, attemptOf } from './attempt';

/** Sends an event, and goes to its run. One that is sent again because nobody knows what became of it counts once. */
export function useSending() {
  const navigate = useNavigate();
  const last = useRef<Attempt>(undefined);
  return useMutation({
    mutationFn: async (event: InputOf<typeof api.sendEvent>['body']) => {
      const attempt = attemptOf(event, last.current);
      last.current = attempt;
      const answer = await callApi('POST /v1/event', { body: event, headers: { 'idempotency-key': attempt.key } });
      last.current = undefined;
      // A batch would be answered with a list.
      if (!('keptnContext' in answer)) return;
      await navigate({ to: '/run/$keptnContext', params: { keptnContext: answer.keptnContext } });
    },
  });
}
