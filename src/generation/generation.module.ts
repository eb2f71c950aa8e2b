import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BatchModule } from '../batch/batch.module.js';
import { CharactersModule } from '../characters/characters.module.js';
import { Config } from '../config/config.js';
import { IndexingModule } from '../indexing/indexing.module.js';
import { GenerationResolver } from './generation.resolver.js';
import { GenerationService } from './generation.service.js';
import { ComfyuiGenerator } from './generators/comfyui.generator.js';
import { DemoGenerator } from './generators/demo.generator.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { ImageGenerator } from './image-generator.js';
import { WorkflowLibrary } from './workflows/workflow-library.js';
import { WorkflowsService } from './workflows.service.js';

/** The ComfyUI servers where there are any, else the demo. Throws WorkflowFileError for workflow files that cannot work. */
async function chooseGenerator(config: Config): Promise<ImageGenerator> {
  if (config.COMFYUI_URLS.length === 0) return new DemoGenerator(config);
  return new ComfyuiGenerator(config, await WorkflowLibrary.load(config.WORKFLOWS_DIR));
}

/** `generateBatch`, and the one place that names the generators. */
@Module({
  imports: [TypeOrmModule.forFeature([IdempotencyKey]), IndexingModule, BatchModule, CharactersModule],
  providers: [
    { provide: ImageGenerator, useFactory: chooseGenerator, inject: [Config] },
    ...[GenerationService, WorkflowsService, GenerationResolver],
  ],
  exports: [ImageGenerator],
})
export class GenerationModule {}
