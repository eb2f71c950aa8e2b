import { createIORedisClient, RedisConnection } from 'bullmq';
import { Redis, RedisOptions } from 'ioredis';

/**
 * A Redis connection that ends when it is told to, even between two attempts to connect: ioredis would stay there for ever, and BullMQ, which
 * waits for the end, with it.
 */
class EndingRedis extends Redis {
  override disconnect(reconnect = false): void {
    const isPausing = this.status === 'reconnecting';
    super.disconnect(reconnect);
    if (!isPausing || reconnect) return;
    void this.connect().then(
      () => super.disconnect(),
      () => undefined,
    );
  }
}

/** Has BullMQ make its Redis connections this way; must run before any queue is built. */
export function useEndingRedis(): void {
  RedisConnection.clientFactory = ({ url = '', ...options }: RedisOptions & { url?: string }) =>
    createIORedisClient(new EndingRedis(url, options));
}
