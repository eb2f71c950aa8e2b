import { BullModule } from '@nestjs/bullmq';
import { DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueueConnection } from './queue-connection.js';
import { Doorbell } from './doorbell.js';
import { GENERATION_QUEUE, UPLOAD_QUEUE } from './queue-names.js';
import { Shift } from './shift.js';
import { WorkerProcess } from './worker-process.entity.js';

/** BullMQ on PostgreSQL or Redis, the doorbell that rings on it, and this process's working time. */
@Module({})
export class QueueModule {
  static forRoot(connection: QueueConnection): DynamicModule {
    return {
      module: QueueModule,
      global: true,
      imports: [
        BullModule.forRoot({ connection: connection.options, prefix: 'filmroll' }),
        BullModule.registerQueue({ name: GENERATION_QUEUE }, { name: UPLOAD_QUEUE }),
        TypeOrmModule.forFeature([WorkerProcess]),
      ],
      providers: [Doorbell, Shift],
      exports: [BullModule, Doorbell, Shift],
    };
  }
}
