import { Ledger1763900000000 } from './1763900000000-ledger.js';

/** Every migration, oldest first. */
export const migrations = [Ledger1763900000000];
