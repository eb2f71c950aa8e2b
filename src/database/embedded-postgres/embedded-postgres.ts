import { openCluster, ROLE } from './cluster.js';
import { explain } from './data-directory-error.js';
import { DATABASE, Holder } from './holder.js';

/** A PostgreSQL server of our own, whose data lives in `<dataDir>/postgres`. */
export class EmbeddedPostgres {
  private stopped: Promise<void> | undefined;

  private constructor(
    /** Address of its database, password included: not for logs. Stays the same until `stop`, even when the server has to be started again. */
    readonly url: string,
    private readonly holder: Holder,
  ) {}

  /**
   * Starts the server of `dataDir` and makes its database on the first start; adopts a server that outlived the process which started it.
   * Listens on a free port of 127.0.0.1 alone. One living process holds a data directory: for a second one, and for every other reason
   * why the database cannot be there, it throws `DataDirectoryError`. Takes three minutes at most.
   * `durable: false` is for tests: faster, and a crash may lose data.
   */
  static async start(dataDir: string, { durable = true }: { durable?: boolean } = {}): Promise<EmbeddedPostgres> {
    try {
      const cluster = await openCluster(dataDir, durable);
      const holder = await Holder.take(cluster);
      return new EmbeddedPostgres(`postgres://${ROLE}:${cluster.password}@127.0.0.1:${holder.port}/${DATABASE}`, holder);
    } catch (error) {
      throw explain(dataDir, error);
    }
  }

  /** Ends every session and resolves when the server is gone, after half a minute at most. May be called again. A process that ends without it leaves the server to the next start. */
  stop(): Promise<void> {
    this.stopped ??= this.holder.stop();
    return this.stopped;
  }

  /** Tells the server to end and does not wait for it: for a process that exits in this very moment. */
  abandon(): void {
    this.holder.abandon();
  }
}
