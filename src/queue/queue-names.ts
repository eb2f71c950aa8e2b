export const GENERATION_QUEUE = 'generation';
export const UPLOAD_QUEUE = 'upload';

export type QueueName = typeof GENERATION_QUEUE | typeof UPLOAD_QUEUE;
