import {
  type BodyOf,
  type Caller,
  type CreatedSubscription,
  eventBrokerApi,
  type ParametersOf,
  type QueryOf,
  type RotatedSecret,
  type Subscription,
} from '@keptn/api-models';
import { CurrentCaller, Route } from '@keptn/service-kit';
import { Body, Controller, Param, Query } from '@nestjs/common';
import { SubscriptionPositionService } from './subscription-position.service';
import { SubscriptionService } from './subscription.service';

const {
  createSubscription,
  deleteSubscription,
  getSubscription,
  listSubscriptions,
  pauseSubscription,
  readSubscriptionPosition,
  replayEvents,
  resumeSubscription,
  rotateSecret,
  updateSubscription,
} = eventBrokerApi;

type Named = ParametersOf<typeof getSubscription>;

@Controller()
export class SubscriptionController {
  constructor(
    private readonly subscriptions: SubscriptionService,
    private readonly positions: SubscriptionPositionService,
  ) {}

  @Route(createSubscription)
  create(
    @Body({ schema: createSubscription.body }) body: BodyOf<typeof createSubscription>,
    @CurrentCaller() caller: Caller,
  ): Promise<CreatedSubscription> {
    return this.subscriptions.create(body, caller);
  }

  @Route(listSubscriptions)
  async list(@CurrentCaller() caller: Caller): Promise<{ subscriptions: Subscription[] }> {
    return { subscriptions: await this.subscriptions.list(caller) };
  }

  @Route(getSubscription)
  get(
    @Param({ schema: getSubscription.parameters }) { name }: Named,
    @CurrentCaller() caller: Caller,
  ): Promise<Subscription> {
    return this.subscriptions.get({ name, caller });
  }

  @Route(readSubscriptionPosition)
  async position(
    @Param({ schema: readSubscriptionPosition.parameters }) { name }: Named,
    @Query({ schema: readSubscriptionPosition.query }) { notOlderThan }: QueryOf<typeof readSubscriptionPosition>,
  ): Promise<{ position: number }> {
    return { position: await this.positions.reached(name, notOlderThan) };
  }

  @Route(updateSubscription)
  update(
    @Param({ schema: updateSubscription.parameters }) { name }: Named,
    @Body({ schema: updateSubscription.body }) body: BodyOf<typeof updateSubscription>,
    @CurrentCaller() caller: Caller,
  ): Promise<Subscription> {
    return this.subscriptions.update({ name, caller }, body);
  }

  @Route(deleteSubscription)
  remove(
    @Param({ schema: deleteSubscription.parameters }) { name }: Named,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    return this.subscriptions.remove({ name, caller });
  }

  @Route(pauseSubscription)
  pause(
    @Param({ schema: pauseSubscription.parameters }) { name }: Named,
    @CurrentCaller() caller: Caller,
  ): Promise<Subscription> {
    return this.subscriptions.pause({ name, caller });
  }

  @Route(resumeSubscription)
  resume(
    @Param({ schema: resumeSubscription.parameters }) { name }: Named,
    @CurrentCaller() caller: Caller,
  ): Promise<Subscription> {
    return this.subscriptions.resume({ name, caller });
  }

  @Route(replayEvents)
  replay(
    @Param({ schema: replayEvents.parameters }) { name }: Named,
    @Body({ schema: replayEvents.body }) span: BodyOf<typeof replayEvents>,
    @CurrentCaller() caller: Caller,
  ): Promise<Subscription> {
    return this.subscriptions.replay({ name, caller }, span);
  }

  @Route(rotateSecret)
  rotate(
    @Param({ schema: rotateSecret.parameters }) { name }: Named,
    @CurrentCaller() caller: Caller,
  ): Promise<RotatedSecret> {
    return this.subscriptions.rotateSecret({ name, caller });
  }
}
