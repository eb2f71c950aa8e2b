import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Gauge } from 'prom-client';
import { DataSource } from 'typeorm';
import { Backend } from '../backends/backend.model.js';
import { BackendsService } from '../backends/backends.service.js';
import { inTime } from '../database/in-time.js';

/** Prometheus gives up after 10 s by default; while the database is away it is to have the rest. Milliseconds. */
const PATIENCE = 2_000;

const UNFINISHED = ['QUEUED', 'GENERATING', 'GENERATED', 'UPLOADING'];

interface Unfinished {
  status: string;
  images: number;
  /** Seconds since the oldest of them was asked for. */
  oldest: number;
}

/** The work that is to be done, as the ledger has it: the same whichever process is asked. */
@Injectable()
export class LedgerGauges {
  private readonly reachable = gauge(
    'filmroll_database_reachable',
    'Whether the database answers this process; if not, the ledger is left out.',
  );
  private readonly images = gauge('filmroll_unfinished_images', 'Images that have not come to their end, by status.', 'status');
  private readonly ages = gauge('filmroll_oldest_unfinished_image_seconds', 'Since when the oldest of them is waited for.', 'status');
  private readonly healthy = gauge('filmroll_backend_healthy', 'Whether any worker finds the backend able to work.', 'backend');
  private readonly inFlight = gauge('filmroll_backend_images', 'Images that the backend has in hand or in its own queue.', 'backend');
  readonly gauges = [this.reachable, this.images, this.ages, this.healthy, this.inFlight];

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly backends: BackendsService,
  ) {}

  /** Brings the gauges up to date. They are empty when the database does not answer in time, rather than old. */
  async read(): Promise<void> {
    const answer = await inTime(Promise.all([this.unfinished(), this.backends.list()]), PATIENCE).catch(() => null);
    for (const each of this.gauges) each.reset();
    this.reachable.set(answer === null ? 0 : 1);
    if (answer === null) return;
    const [images, backends] = answer;
    for (const status of UNFINISHED) this.setImages(images.find((row) => row.status === status) ?? { status, images: 0, oldest: 0 });
    for (const backend of backends) this.setBackend(backend);
  }

  /** From the index of what is unfinished, however many images have come to their end. */
  private unfinished(): Promise<Unfinished[]> {
    return this.dataSource.query(
      `SELECT status, count(*)::integer AS images, extract(epoch FROM clock_timestamp() - min(created_at))::float AS oldest
       FROM image WHERE status IN ('${UNFINISHED.join("', '")}') GROUP BY status`,
    );
  }

  private setImages({ status, images, oldest }: Unfinished): void {
    this.images.set({ status }, images);
    this.ages.set({ status }, oldest);
  }

  private setBackend({ name: backend, healthy, inFlight }: Backend): void {
    this.healthy.set({ backend }, healthy ? 1 : 0);
    this.inFlight.set({ backend }, inFlight);
  }
}

function gauge(name: string, help: string, ...labelNames: string[]): Gauge {
  return new Gauge({ name, help, labelNames, registers: [] });
}
