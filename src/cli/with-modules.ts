import { INestApplicationContext, Module, ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readConfig } from '../config/config.js';
import { ConfigModule } from '../config/config.module.js';
import { loadEnvFile } from '../config/env-file.js';
import { DatabaseModule } from '../database/database.module.js';
import { openDatabase } from './open-database.js';

@Module({})
class CommandModule {}

/** Runs `work` with these modules on the database of the settings, migrated; no API, no workers, no words of Nest. What was started is stopped in the end. */
export async function withModules<T>(modules: ModuleMetadata['imports'], work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
  loadEnvFile();
  const config = readConfig(process.env);
  const database = await openDatabase(config);
  try {
    const imports = [ConfigModule.forRoot(config), DatabaseModule.forRoot(database.url), ...(modules ?? [])];
    const app = await NestFactory.createApplicationContext({ module: CommandModule, imports }, { logger: false, abortOnError: false });
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  } finally {
    await database.close();
  }
}
