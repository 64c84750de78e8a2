import { isJsonObject, KeptnEventType } from '@keptn/event-models';
import { SETTINGS } from '@keptn/service-kit';
import { EventLog } from '@keptn/service-kit/reacting';
import { Inject, Injectable } from '@nestjs/common';
import { type Settings } from '../settings';

/** Which SLI provider a project uses: its last `monitoring.configure`, else the one of the installation. */
@Injectable()
export class SliProviderChoice {
  constructor(
    private readonly log: EventLog,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @returns undefined when there is neither; empty when the project's event names none */
  async of(project: string): Promise<string | undefined> {
    const [last] = await this.log.latest({
      type: KeptnEventType.monitoringConfigure,
      filter: { 'data.project': project },
      limit: 1,
    });
    if (last === undefined) return this.settings.SLI_PROVIDER;
    const type = isJsonObject(last.data) ? last.data['type'] : undefined;
    return typeof type === 'string' ? type : '';
  }
}
