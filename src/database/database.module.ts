import { DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { migrations } from './migrations/migrations.js';
import { SnakeCaseNaming } from './snake-case.naming.js';
import { SturdyClient } from './sturdy-client.js';
import { TRANSACTION_SILENCE } from './transaction.js';
import { WakeUps } from './wake-ups.js';

/** One connection pool and one LISTEN connection for the process. Entities come from the modules that own them; migrations run at start. */
@Module({})
export class DatabaseModule {
  static forRoot(url: string): DynamicModule {
    const connection = TypeOrmModule.forRoot({
      type: 'postgres',
      url,
      autoLoadEntities: true,
      namingStrategy: new SnakeCaseNaming(),
      migrations,
      migrationsRun: true,
      migrationsTransactionMode: 'all',
      poolSize: 20,
      applicationName: 'filmroll',
      connectTimeoutMS: 10_000,
      extra: { keepAlive: true, Client: SturdyClient, idle_in_transaction_session_timeout: TRANSACTION_SILENCE },
      retryAttempts: 5,
      retryDelay: 1_000,
    });
    const wakeUps = { provide: WakeUps, useFactory: (source: DataSource) => new WakeUps(source, url), inject: [DataSource] };
    return { module: DatabaseModule, global: true, imports: [connection], providers: [wakeUps], exports: [WakeUps] };
  }
}
