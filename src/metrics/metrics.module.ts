import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { BackendsModule } from '../backends/backends.module.js';
import { LedgerGauges } from './ledger-gauges.js';
import { MetricsController } from './metrics.controller.js';
import { StepCounter } from './step-counter.js';

/** What Prometheus asks every process for, at /metrics. */
@Module({ imports: [AuthModule, BackendsModule], controllers: [MetricsController], providers: [LedgerGauges, StepCounter] })
export class MetricsModule {}
