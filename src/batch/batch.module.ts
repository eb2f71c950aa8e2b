import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Batch } from './batch.entity.js';
import { BatchResolver } from './batch.resolver.js';
import { BatchService } from './batch.service.js';
import { ImageEvent } from './image-event.entity.js';
import { ImageEventResolver } from './image-event.resolver.js';
import { ImageEventsService } from './image-events.service.js';
import { ImageProgressService } from './image-progress.service.js';
import { Image } from './image.entity.js';
import { ImageResolver } from './image.resolver.js';
import { Ledger } from './ledger.js';
import { Loaders } from './loaders.js';
import { Preview } from './preview.entity.js';
import { PreviewsService } from './previews.service.js';
import { StagedPicture } from './staged-picture.entity.js';

/** The ledger: what was asked for, what became of it, and the only ways in which that changes. */
@Module({
  imports: [TypeOrmModule.forFeature([Batch, Image, ImageEvent, StagedPicture, Preview])],
  providers: [
    Ledger,
    ...[BatchService, ImageEventsService, ImageProgressService, PreviewsService, Loaders],
    ...[BatchResolver, ImageResolver, ImageEventResolver],
  ],
  exports: [Ledger, ImageProgressService, BatchService],
})
export class BatchModule {}
