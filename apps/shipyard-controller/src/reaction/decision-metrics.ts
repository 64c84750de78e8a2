import { Metrics } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { type Decision } from '../decision/decision';
import { type Part } from '../decision/part';

/** What operators see of decisions: how many, about which events, and whether something followed. */
@Injectable()
export class DecisionMetrics {
  private readonly decisions: Counter<'outcome' | 'part' | 'type'>;

  constructor({ registry }: Metrics) {
    this.decisions = new Counter({
      name: 'keptn_decisions_total',
      help: 'Decisions about events, by part, type of the event, and whether something follows; a repeat counts again',
      labelNames: ['part', 'type', 'outcome'],
      registers: [registry],
    });
  }

  count({ name }: Part, type: string, { follows }: Decision): void {
    this.decisions.inc({ part: name, type, outcome: follows.length > 0 ? 'follows' : 'nothing' });
  }
}
