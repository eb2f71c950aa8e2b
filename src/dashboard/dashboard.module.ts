import { InjectQueue } from '@nestjs/bullmq';
import { MiddlewareConsumer, Module, NestModule } from '@nestjs/common';
import type { Queue } from 'bullmq';
import express from 'express';
import { AuthModule } from '../auth/auth.module.js';
import { GENERATION_QUEUE, UPLOAD_QUEUE } from '../queue/queue-names.js';
import { AdminGate } from './admin-gate.middleware.js';
import { BOARD_PATH, queueBoard } from './queue-board.js';

/** BullMQ's jobs for admins to look at, on either backend. They are doorbells: the studio and the API show the images themselves. */
@Module({ imports: [AuthModule] })
export class DashboardModule implements NestModule {
  constructor(
    @InjectQueue(GENERATION_QUEUE) private readonly generation: Queue,
    @InjectQueue(UPLOAD_QUEUE) private readonly upload: Queue,
  ) {}

  configure(consumer: MiddlewareConsumer): void {
    const form = express.urlencoded({ extended: false, limit: '16kb', parameterLimit: 1 });
    consumer.apply(form, AdminGate, queueBoard([this.generation, this.upload])).forRoutes(BOARD_PATH);
  }
}
