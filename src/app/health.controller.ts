import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

/** For whoever watches the process: is it alive, and can it take requests. */
@Controller('health')
export class HealthController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** 503 while the database cannot be reached. */
  @Get('ready')
  async ready(): Promise<{ status: string }> {
    await this.dataSource.query('SELECT 1').catch(() => {
      throw new ServiceUnavailableException('The database cannot be reached.');
    });
    return { status: 'ok' };
  }
}
