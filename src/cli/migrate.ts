import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { QueueConnection } from '../queue/queue-connection.js';
import { runCommand } from './run-command.js';
import { EXIT } from './stoppable.js';
import { withModules } from './with-modules.js';

/** Brings the database up to date and says so. */
export function migrate(): Promise<void> {
  return runCommand('Stopped; nothing is half done.', bringUpToDate);
}

async function bringUpToDate(): Promise<number> {
  await withModules([], async (app) => {
    const dataSource = app.get<DataSource>(getDataSourceToken());
    const { url } = dataSource.options as { url: string };
    await (await QueueConnection.open(app.get(Config), url)).close();
    const [newest] = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id DESC LIMIT 1');
    console.log(`The database is up to date; its newest migration is ${newest.name}.`);
  });
  return EXIT.ok;
}
