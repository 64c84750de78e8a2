import { z } from 'zod';

/** The answer of requests that start something: where its events and messages are found. */
export const eventContext = z
  .object({
    keptnContext: z
      .string()
      .meta({ description: 'Keptn context of the events', example: 'a3e5f16d-8888-4720-82c7-6995062905c1' }),
    token: z.string().meta({
      description: 'Ticket for the websocket that tells how the request goes on',
      example: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjE2MDYxMjk1MzB9.c2lnbmF0dXJl',
    }),
  })
  .meta({ id: 'EventContext', description: 'Keptn context of a request and a ticket for its websocket' });
export type EventContext = z.infer<typeof eventContext>;
