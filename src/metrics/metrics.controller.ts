import { Controller, Get, Header, Headers, Res } from '@nestjs/common';
import type { Response } from 'express';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { TokenReader } from '../auth/token-reader.js';
import { LedgerGauges } from './ledger-gauges.js';
import { StepCounter } from './step-counter.js';

/** Figures for Prometheus, in its text format: of this process, of the steps that it has done, and of the work in the ledger. */
@Controller('metrics')
export class MetricsController {
  private readonly registry = new Registry();

  constructor(
    private readonly tokens: TokenReader,
    private readonly ledger: LedgerGauges,
    steps: StepCounter,
  ) {
    collectDefaultMetrics({ register: this.registry });
    for (const metric of [...ledger.gauges, steps.counter]) this.registry.registerMetric(metric);
  }

  /** For every caller that may use the API, as there are no names in it but the backends'. Throws UnauthenticatedError. */
  @Get()
  @Header('Cache-Control', 'no-store')
  async tell(@Headers('authorization') authorization: string | undefined, @Res({ passthrough: true }) response: Response): Promise<string> {
    await this.tokens.read(authorization);
    await this.ledger.read();
    response.set('Content-Type', this.registry.contentType);
    return this.registry.metrics();
  }
}
