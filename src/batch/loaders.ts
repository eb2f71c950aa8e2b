import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import DataLoader from 'dataloader';
import { Any, DataSource } from 'typeorm';
import { Batch } from './batch.entity.js';
import { ImageEvent } from './image-event.entity.js';
import { Image } from './image.entity.js';

/**
 * Gathers look-ups of one moment into one query each. Nothing is cached: a follower must always see the image as it is now. One moment may ask for
 * more than the 65,535 values that a query takes one by one, so they go as one array.
 */
@Injectable()
export class Loaders {
  readonly batch = new DataLoader((ids: readonly string[]) => this.batches(ids), { cache: false });
  readonly image = new DataLoader((ids: readonly string[]) => this.images(ids), { cache: false });
  readonly imagesOfBatch = new DataLoader((ids: readonly string[]) => this.imagesByBatch(ids), { cache: false });
  readonly eventsOfImage = new DataLoader((ids: readonly string[]) => this.eventsByImage(ids), { cache: false });
  readonly duplicateOf = new DataLoader((images: readonly Image[]) => this.firstWithSameBytes(images), { cache: false });

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  private async batches(ids: readonly string[]): Promise<(Batch | Error)[]> {
    return inOrder(ids, await this.dataSource.manager.findBy(Batch, { id: Any(ids) }));
  }

  private async images(ids: readonly string[]): Promise<(Image | Error)[]> {
    return inOrder(ids, await this.dataSource.manager.findBy(Image, { id: Any(ids) }));
  }

  private async imagesByBatch(ids: readonly string[]): Promise<Image[][]> {
    const found = await this.dataSource.manager.find(Image, { where: { batchId: Any(ids) }, order: { position: 'ASC' } });
    return grouped(ids, found, ({ batchId }) => batchId);
  }

  private async eventsByImage(ids: readonly string[]): Promise<ImageEvent[][]> {
    const found = await this.dataSource.manager.find(ImageEvent, { where: { imageId: Any(ids) }, order: { number: 'ASC' } });
    return grouped(ids, found, ({ imageId }) => imageId);
  }

  /** For each image the one of its series with the lowest index that has the same bytes, or null if that is itself. */
  private async firstWithSameBytes(images: readonly Image[]): Promise<(Image | null)[]> {
    const rows: { id: string; first: string }[] = await this.dataSource.query(
      `SELECT image.id, (SELECT twin.id FROM image twin WHERE twin.series_id = image.series_id AND twin.sha256 = image.sha256
                         ORDER BY twin.index LIMIT 1) AS first
       FROM image WHERE image.id = ANY ($1) AND image.sha256 IS NOT NULL`,
      [images.map(({ id }) => id)],
    );
    const firsts = new Map(rows.filter(({ id, first }) => first !== id).map(({ id, first }) => [id, first]));
    const found = await this.dataSource.manager.findBy(Image, { id: Any([...firsts.values()]) });
    const twins = new Map(found.map((twin) => [twin.id, twin]));
    return images.map(({ id }) => twins.get(firsts.get(id) ?? '') ?? null);
  }
}

function inOrder<Row extends { id: string }>(ids: readonly string[], rows: Row[]): (Row | Error)[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? new Error(`No row has the id ${id}.`));
}

/** The rows of each id, in their order. */
function grouped<Row>(ids: readonly string[], rows: Row[], idOf: (row: Row) => string): Row[][] {
  const groups = new Map<string, Row[]>(ids.map((id) => [id, []]));
  for (const row of rows) groups.get(idOf(row))?.push(row);
  return ids.map((id) => groups.get(id) ?? []);
}
