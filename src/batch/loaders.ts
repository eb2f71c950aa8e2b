import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import DataLoader from 'dataloader';
import { DataSource, In } from 'typeorm';
import { Batch } from './batch.entity.js';
import { Image } from './image.entity.js';

/** Gathers look-ups of one moment into one query each. Nothing is cached: a follower must always see the image as it is now. */
@Injectable()
export class Loaders {
  readonly batch = new DataLoader((ids: readonly string[]) => this.batches(ids), { cache: false });
  readonly image = new DataLoader((ids: readonly string[]) => this.images(ids), { cache: false });
  readonly imagesOfBatch = new DataLoader((ids: readonly string[]) => this.imagesByBatch(ids), { cache: false });
  readonly duplicateOf = new DataLoader((images: readonly Image[]) => this.firstWithSameBytes(images), { cache: false });

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  private async batches(ids: readonly string[]): Promise<(Batch | Error)[]> {
    const found = await this.dataSource.manager.findBy(Batch, { id: In(ids) });
    return inOrder(ids, found);
  }

  private async images(ids: readonly string[]): Promise<(Image | Error)[]> {
    return inOrder(ids, await this.dataSource.manager.findBy(Image, { id: In(ids) }));
  }

  private async imagesByBatch(ids: readonly string[]): Promise<Image[][]> {
    const found = await this.dataSource.manager.find(Image, { where: { batchId: In(ids) }, order: { position: 'ASC' } });
    return ids.map((id) => found.filter(({ batchId }) => batchId === id));
  }

  /** For each image the one of its series with the lowest index that has the same bytes, or null if that is itself. */
  private async firstWithSameBytes(images: readonly Image[]): Promise<(Image | null)[]> {
    const rows: { id: string; first: string }[] = await this.dataSource.query(
      `SELECT image.id, (SELECT twin.id FROM image twin WHERE twin.series_id = image.series_id AND twin.sha256 = image.sha256
                         ORDER BY twin.index LIMIT 1) AS first
       FROM image WHERE image.id = ANY ($1) AND image.sha256 IS NOT NULL`,
      [images.map(({ id }) => id)],
    );
    const twins = await this.dataSource.manager.findBy(Image, { id: In(rows.map(({ first }) => first)) });
    return images.map(({ id }) => {
      const first = rows.find((row) => row.id === id)?.first;
      return first === id ? null : (twins.find((twin) => twin.id === first) ?? null);
    });
  }
}

function inOrder<Row extends { id: string }>(ids: readonly string[], rows: Row[]): (Row | Error)[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? new Error(`No row has the id ${id}.`));
}
