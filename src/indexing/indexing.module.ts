import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IndexingService } from './indexing.service.js';
import { Series } from './series.entity.js';
import { SeriesResolver } from './series.resolver.js';

@Module({
  imports: [TypeOrmModule.forFeature([Series])],
  providers: [IndexingService, SeriesResolver],
  exports: [IndexingService],
})
export class IndexingModule {}
