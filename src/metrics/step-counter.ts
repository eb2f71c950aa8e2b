import { Injectable, OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { Counter } from 'prom-client';
import { DURABLE_STEPS, DurableStep, watchSteps } from '../durable/durable-steps.js';

/** Counts the durable steps that this process has done since its start: each picture stored, each failure, each claim, of nothing too. */
@Injectable()
export class StepCounter implements OnModuleInit, OnModuleDestroy {
  readonly counter = new Counter<string>({
    name: 'filmroll_steps_total',
    help: 'Durable steps of the pipeline that this process has done.',
    labelNames: ['step'],
    registers: [],
  });
  private unwatch?: () => void;

  onModuleInit(): void {
    // Known from the start, or the first of a kind would be no increase to Prometheus.
    for (const step of DURABLE_STEPS) this.counter.inc({ step }, 0);
    this.unwatch = watchSteps((step: DurableStep) => this.counter.inc({ step }));
  }

  onModuleDestroy(): void {
    this.unwatch?.();
  }
}
