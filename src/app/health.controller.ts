import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { inTime } from '../database/in-time.js';
import { Shift } from '../queue/shift.js';

/** Whoever asks does not wait long themselves. Milliseconds. */
const PATIENCE = 2_000;

/** For whoever watches the process: is it alive, and can it take requests. */
@Controller('health')
export class HealthController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly shift: Shift,
  ) {}

  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** 503 while the database cannot be reached, and from the moment in which the service begins to stop. */
  @Get('ready')
  async ready(): Promise<{ status: string }> {
    if (this.shift.isEnding) throw new ServiceUnavailableException('The service is shutting down.');
    await inTime(this.dataSource.query('SELECT 1'), PATIENCE).catch(() => {
      throw new ServiceUnavailableException('The database cannot be reached.');
    });
    return { status: 'ok' };
  }
}
