import { Module } from '@nestjs/common';
import { Heartbeat } from '../queue/heartbeat.js';
import { BatchModule } from './batch.module.js';
import { Claims } from './claims.js';
import { HeldImages } from './held-images.js';
import { Outcomes } from './outcomes.js';
import { Rescuer } from './rescuer.js';
import { Setbacks } from './setbacks.js';

/** What both stages work with: claims and their outcomes, this process's heartbeat, and the rescue of what the dead have left behind. */
@Module({
  imports: [BatchModule],
  providers: [Heartbeat, Claims, Outcomes, Setbacks, HeldImages, Rescuer],
  exports: [Heartbeat, Claims, Outcomes, HeldImages],
})
export class BatchWorkModule {}
