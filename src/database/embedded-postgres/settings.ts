const ALWAYS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  cluster_name: 'filmroll',
  max_connections: '200',
  shared_buffers: '128MB',
  // Queries are small; parallel ones would need more of /dev/shm than a container has.
  max_parallel_workers_per_gather: '0',
  huge_pages: 'off',
  // Nothing replicates from here, so the folder need not hold WAL for it.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  min_wal_size: '32MB',
  max_wal_size: '512MB',
  // The log tells of starts, stops and crashes; failed statements are told to their client. That keeps it small.
  log_min_messages: 'log',
  log_checkpoints: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

const FOR_TESTS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' };

/** PostgreSQL's settings as arguments of `postgres`; they win over the files in the cluster, so every start has the same. */
export function settings(port: number, durable: boolean): string[] {
  const all = { ...ALWAYS, ...(durable ? {} : FOR_TESTS), port: String(port) };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
