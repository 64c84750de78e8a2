import { type eventLogApi, LINE_STREAM } from '@keptn/api-models';
import { createRequests } from '@keptn/api-models/client';
import { jsonLinesOf, type KeptnEvent } from '@keptn/event-models';
import { ServiceUnavailable, SETTINGS, streamedText } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { request } from 'undici';
import { readEvent, unlessRefused } from '../event/service-event';
import { type Settings } from '../settings';

/** Until the log begins to answer, and between two parts of the answer, in milliseconds. */
const TIMEOUT_MS = 60_000;

const requestOf = createRequests<typeof eventLogApi>();

/** The event log, read as a whole. */
@Injectable()
export class EventLog {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /**
   * All events that are stored at this moment, oldest first; what is no Keptn event is left out.
   * @throws ServiceUnavailable when the log cannot be read to its end
   */
  async *events(): AsyncGenerator<KeptnEvent, void> {
    try {
      const { path } = requestOf('GET /event', { query: { order: 'oldest' } });
      const { statusCode, body } = await request(this.settings.MONGODB_DATASTORE_URL + path, {
        headers: { accept: LINE_STREAM, 'x-token': this.settings.KEPTN_API_TOKEN },
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
      });
      if (statusCode !== 200) {
        await body.dump();
        throw new Error(`it answered ${statusCode}`);
      }
      for await (const line of jsonLinesOf(streamedText(body))) {
        const event = unlessRefused(() => readEvent(JSON.parse(line)));
        if (event !== undefined) {
          yield event;
        }
      }
    } catch (error) {
      throw new ServiceUnavailable(
        'the event log cannot be read to its end: see that mongodb-datastore is up, and repeat',
        {
          cause: error,
        },
      );
    }
  }
}
