import { RepeatedTask, Unauthenticated } from '@keptn/service-kit';
import { answerError } from '../proxy/answer';
import { type GatewayResponse } from '../request/gateway-response';
import { type TokenCheck } from './token-check';

/** How often it is looked whether tokens count, in milliseconds. With the second that an acceptance holds, less than two seconds. */
const INTERVAL_MS = 500;

/**
 * Ends answers that go on for long, such as event streams, soon after the token that they were asked with was revoked or has expired. While
 * nobody can say whether it counts, they go on.
 */
export class OpenAnswers {
  private readonly byToken = new Map<string, Set<GatewayResponse>>();
  private readonly looking = new RepeatedTask(async () => {
    await Promise.all([...this.byToken.keys()].map((token) => this.look(token)));
    return this.byToken.size === 0 ? undefined : INTERVAL_MS;
  });

  constructor(private readonly tokenCheck: TokenCheck) {}

  start(): void {
    this.looking.start();
  }

  stop(): Promise<void> {
    return this.looking.stop();
  }

  /** Changes are not watched: whoever asked for one was permitted to, and should learn what became of it. */
  watch(token: string, response: GatewayResponse): void {
    // Whoever has left while the token was looked up gets no further notice of it.
    if (response.req.method !== 'GET' || response.destroyed) return;
    const open = this.byToken.get(token) ?? new Set();
    this.byToken.set(token, open.add(response));
    this.looking.wake();
    response.once('close', () => {
      open.delete(response);
      if (open.size === 0) this.byToken.delete(token);
    });
  }

  private async look(token: string): Promise<void> {
    if (await this.tokenCheck.stillCounts(token)) return;
    for (const response of this.byToken.get(token) ?? []) {
      answerError(response, new Unauthenticated('the token was revoked or has expired'));
      response.exchange?.giveUp();
    }
  }
}
