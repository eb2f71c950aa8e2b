import { EventEmitter } from 'node:events';
import type { FaultName } from './faults.js';

export interface RequestRecord {
  /** Milliseconds since 1970. */
  at: number;
  method: string;
  /** Without query, from behind the name of the cloud: /image/upload, /resources/image/upload/…, /usage. */
  path: string;
  /** Null while there is no answer. */
  status: number | null;
  fault: FaultName | null;
}

export interface UploadRecord {
  at: number;
  /** As stored; null when it never came so far. */
  id: string | null;
  /** `rewritten`: replaced by the very same bytes. `refused`: answered with an error. Null when nothing was done. */
  outcome: 'stored' | 'existing' | 'replaced' | 'rewritten' | 'refused' | null;
  fault: FaultName | null;
  /** Null while there is no answer. */
  status: number | null;
  /** As they were sent, arrays joined by commas, without the file. */
  params: Record<string, string>;
}

/** Keeps the last ones of each; older ones are let go. */
const kept = 20_000;

/** What the service has seen. Emits 'request' when one comes, and for uploads 'body' when it is read and 'upload' when its outcome is known. */
export class ServiceLog extends EventEmitter {
  readonly requests: RequestRecord[] = [];
  readonly uploads: UploadRecord[] = [];
  /** Most uploads that were open at the same time. */
  maxConcurrent = 0;
  /** Uploads that are open now. */
  concurrent = 0;

  request(record: RequestRecord): void {
    push(this.requests, record);
    this.emit('request', record);
  }

  upload(record: UploadRecord): void {
    push(this.uploads, record);
    this.concurrent++;
    this.maxConcurrent = Math.max(this.maxConcurrent, this.concurrent);
  }

  body(record: UploadRecord, params: Record<string, string>): void {
    record.params = params;
    this.emit('body', record);
  }

  uploadClosed(): void {
    this.concurrent--;
  }

  outcome(record: UploadRecord, outcome: UploadRecord['outcome']): void {
    record.outcome = outcome;
    this.emit('upload', record);
  }
}

function push<T>(records: T[], record: T): void {
  records.push(record);
  if (records.length > kept) records.shift();
}
