import {
  type BodyOf,
  type CreatedSubscription,
  eventBrokerApi,
  type ParametersOf,
  type RotatedSecret,
  type Subscription,
} from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Param } from '@nestjs/common';
import { SubscriptionService } from './subscription.service';

const {
  createSubscription,
  deleteSubscription,
  getSubscription,
  listSubscriptions,
  pauseSubscription,
  replayEvents,
  resumeSubscription,
  rotateSecret,
  updateSubscription,
} = eventBrokerApi;

type Named = ParametersOf<typeof getSubscription>;

@Controller()
export class SubscriptionController {
  constructor(private readonly subscriptions: SubscriptionService) {}

  @Route(createSubscription)
  create(
    @Body({ schema: createSubscription.body }) body: BodyOf<typeof createSubscription>,
  ): Promise<CreatedSubscription> {
    return this.subscriptions.create(body);
  }

  @Route(listSubscriptions)
  async list(): Promise<{ subscriptions: Subscription[] }> {
    return { subscriptions: await this.subscriptions.list() };
  }

  @Route(getSubscription)
  get(@Param({ schema: getSubscription.parameters }) { name }: Named): Promise<Subscription> {
    return this.subscriptions.get(name);
  }

  @Route(updateSubscription)
  update(
    @Param({ schema: updateSubscription.parameters }) { name }: Named,
    @Body({ schema: updateSubscription.body }) body: BodyOf<typeof updateSubscription>,
  ): Promise<Subscription> {
    return this.subscriptions.update(name, body);
  }

  @Route(deleteSubscription)
  remove(@Param({ schema: deleteSubscription.parameters }) { name }: Named): Promise<void> {
    return this.subscriptions.remove(name);
  }

  @Route(pauseSubscription)
  pause(@Param({ schema: pauseSubscription.parameters }) { name }: Named): Promise<Subscription> {
    return this.subscriptions.pause(name);
  }

  @Route(resumeSubscription)
  resume(@Param({ schema: resumeSubscription.parameters }) { name }: Named): Promise<Subscription> {
    return this.subscriptions.resume(name);
  }

  @Route(replayEvents)
  replay(
    @Param({ schema: replayEvents.parameters }) { name }: Named,
    @Body({ schema: replayEvents.body }) span: BodyOf<typeof replayEvents>,
  ): Promise<Subscription> {
    return this.subscriptions.replay(name, span);
  }

  @Route(rotateSecret)
  rotate(@Param({ schema: rotateSecret.parameters }) { name }: Named): Promise<RotatedSecret> {
    return this.subscriptions.rotateSecret(name);
  }
}
