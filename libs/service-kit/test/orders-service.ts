import { Caller } from '@keptn/api-models';
import { Body, Controller, Get, Module, Param, Post, Query } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import {
  commonSettings,
  Conflict,
  currentRequestContext,
  Readiness,
  type ServiceDefinition,
  Unauthenticated,
} from '../src/index';

const order = z.object({ name: z.string(), amount: z.int().max(50).optional() }).meta({ id: 'Order' });
const orderQuery = z.object({
  pageSize: z.coerce.number('{field} must be of type int64').int().min(1).max(50).default(20),
});

/** Lets a test decide when a request in flight is answered. */
export class Latch {
  private open: () => void = () => undefined;
  private announce: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
  readonly reached = new Promise<void>((resolve) => (this.announce = resolve));

  async pass(): Promise<void> {
    this.announce();
    await this.opened;
  }

  release(): void {
    this.open();
  }
}

/** What a test does to the service. */
export const control = {
  /** Holds up answers of /orders/slow. */
  latch: new Latch(),
  /** What /ready asks. */
  dependency: (): Promise<void> => Promise.resolve(),
};

@Controller('orders')
class OrdersController {
  @Post()
  @ApiResponse({ status: 409, description: 'An order with this name exists' })
  create(@Body({ schema: order }) body: z.infer<typeof order>): unknown {
    if (body.name === 'taken') {
      throw new Conflict('order taken exists already');
    }
    return body;
  }

  @Get()
  list(@Query({ schema: orderQuery }) query: z.infer<typeof orderQuery>): unknown {
    return query;
  }

  @Post('pass')
  pass(): void {
    throw new Error('is answered before');
  }

  @Post('request-id')
  requestId(): unknown {
    return { requestId: currentRequestContext()?.requestId };
  }

  @Get('defect')
  defect(): never {
    throw new Error('secret detail of /var/lib/keptn');
  }

  @Get('slow')
  async slow(): Promise<string> {
    await control.latch.pass();
    return 'done';
  }

  @Get(':name')
  read(@Param('name') name: string): { name: string } {
    return { name };
  }
}

@Module({ controllers: [OrdersController] })
class OrdersModule {
  constructor(readiness: Readiness) {
    readiness.add('warehouse', () => control.dependency());
  }
}

export const ordersService: ServiceDefinition = {
  name: 'orders',
  openApi: { title: 'orders', description: 'A service for these tests', tags: [] },
  settings: commonSettings,
  module: () => OrdersModule,
  answeredFromHeaders: () => ({ '/orders/pass': () => ({}) }),
  guard: () => (request) => {
    if (request.headers['x-locked'] !== undefined) {
      throw new Unauthenticated('locked');
    }
    return { caller: Caller.SERVICE };
  },
};

export const environment = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', MAX_BODY_BYTES: '1000' };
