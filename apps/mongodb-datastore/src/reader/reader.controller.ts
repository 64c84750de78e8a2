import { type BodyOf, eventLogApi, type ParametersOf, type QueryOf } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Header, Param, Query } from '@nestjs/common';
import { ReaderService } from './reader.service';

const { announceReader, readLog, readLoggedContext, readLogPosition } = eventLogApi;

@Controller()
export class ReaderController {
  constructor(private readonly readers: ReaderService) {}

  @Route(readLog)
  @Header('Content-Type', 'application/json')
  read(@Query({ schema: readLog.query }) { after, limit }: QueryOf<typeof readLog>): Promise<string> {
    return this.readers.page(after, limit);
  }

  @Route(readLoggedContext)
  @Header('Content-Type', 'application/json')
  context(
    @Param({ schema: readLoggedContext.parameters }) { keptnContext }: ParametersOf<typeof readLoggedContext>,
    @Query({ schema: readLoggedContext.query }) { after }: QueryOf<typeof readLoggedContext>,
  ): Promise<string> {
    return this.readers.context(keptnContext, after);
  }

  @Route(readLogPosition)
  async position(
    @Query({ schema: readLogPosition.query }) { time }: QueryOf<typeof readLogPosition>,
  ): Promise<{ position: number }> {
    return { position: await this.readers.position(time === undefined ? undefined : new Date(time)) };
  }

  @Route(announceReader)
  announce(
    @Param({ schema: announceReader.parameters }) { name }: ParametersOf<typeof announceReader>,
    @Body({ schema: announceReader.body }) { position }: BodyOf<typeof announceReader>,
  ): Promise<void> {
    return this.readers.announce(name, position);
  }
}
