import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BackendSighting } from './backend-sighting.entity.js';
import { BackendsResolver } from './backends.resolver.js';
import { BackendsService } from './backends.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([BackendSighting])],
  providers: [BackendsService, BackendsResolver],
  exports: [BackendsService],
})
export class BackendsModule {}
