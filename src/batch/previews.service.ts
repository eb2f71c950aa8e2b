import { Injectable, OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { WakeUps } from '../database/wake-ups.js';
import { Preview } from './preview.entity.js';

/** A watcher says so again and again; one that has been silent for longer than `FORGOTTEN_AFTER` is gone. Milliseconds. */
const SAY_SO_EVERY = 1_000;
const FORGOTTEN_AFTER = 4_000;

/** Brings previews from the process that generates to those whose clients watch. Where nobody watches nothing is written. */
@Injectable()
export class PreviewsService implements OnApplicationBootstrap {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly wakeUps: WakeUps,
  ) {}

  /** What a process left behind that ended too soon to drop it. */
  async onApplicationBootstrap(): Promise<void> {
    await this.dataSource.query(`DELETE FROM preview USING image WHERE image.id = image_id AND status <> 'GENERATING'`);
  }

  /** Asks for previews of the batch until the returned function is called. */
  watch(batchId: string): () => void {
    const saySo = () => this.wakeUps.ring(watchedTopic(batchId));
    saySo();
    const timer = setInterval(saySo, SAY_SO_EVERY);
    return () => clearInterval(timer);
  }

  /** Learns whether somebody watches the batch; to be ended when its work is done. */
  listenForWatchers(batchId: string): { isWatched(): boolean; end(): void } {
    let until = 0;
    const end = this.wakeUps.listen(watchedTopic(batchId), () => (until = Date.now() + FORGOTTEN_AFTER));
    return { isWatched: () => Date.now() < until, end };
  }

  async keep(preview: Preview): Promise<void> {
    await this.dataSource.manager.upsert(Preview, preview, ['imageId']);
  }

  async drop(imageId: string): Promise<void> {
    await this.dataSource.manager.delete(Preview, { imageId });
  }

  /** The newest preview as a `data:` URI, or null. */
  async read(imageId: string): Promise<string | null> {
    const preview = await this.dataSource.manager.findOneBy(Preview, { imageId });
    return preview && `data:${preview.contentType};base64,${preview.bytes.toString('base64')}`;
  }
}

function watchedTopic(batchId: string): string {
  return `watched:${batchId}`;
}
