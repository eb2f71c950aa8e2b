import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BackendsModule } from '../backends/backends.module.js';
import { IndexingModule } from '../indexing/indexing.module.js';
import { Character } from './character.entity.js';
import { CharactersResolver } from './characters.resolver.js';
import { CharactersService } from './characters.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Character]), BackendsModule, IndexingModule],
  providers: [CharactersService, CharactersResolver],
  exports: [CharactersService],
})
export class CharactersModule {}
