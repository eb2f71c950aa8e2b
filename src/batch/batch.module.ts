import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Batch } from './batch.entity.js';
import { BatchResolver } from './batch.resolver.js';
import { BatchService } from './batch.service.js';
import { Claims } from './claims.js';
import { HeldImages } from './held-images.js';
import { ImageEvent } from './image-event.entity.js';
import { ImageEventResolver } from './image-event.resolver.js';
import { ImageEventsService } from './image-events.service.js';
import { ImageProgressService } from './image-progress.service.js';
import { Image } from './image.entity.js';
import { ImageResolver } from './image.resolver.js';
import { Ledger } from './ledger.js';
import { Loaders } from './loaders.js';
import { Outcomes } from './outcomes.js';
import { Preview } from './preview.entity.js';
import { PreviewsService } from './previews.service.js';
import { Rescuer } from './rescuer.js';
import { Setbacks } from './setbacks.js';
import { StagedPicture } from './staged-picture.entity.js';

/** The ledger: what was asked for, what became of it, and the only ways in which that changes. */
@Module({
  imports: [TypeOrmModule.forFeature([Batch, Image, ImageEvent, StagedPicture, Preview])],
  providers: [
    ...[Ledger, Claims, Outcomes, Setbacks, HeldImages, Rescuer],
    ...[BatchService, ImageEventsService, ImageProgressService, PreviewsService, Loaders],
    ...[BatchResolver, ImageResolver, ImageEventResolver],
  ],
  exports: [Ledger, Claims, Outcomes, Setbacks, HeldImages, ImageProgressService, BatchService],
})
export class BatchModule {}
