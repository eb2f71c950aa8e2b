import { Ledger1763900000000 } from './1763900000000-ledger.js';
import { StorageWalk1764000000000 } from './1764000000000-storage-walk.js';
import { WalkedPlace1764100000000 } from './1764100000000-walked-place.js';

/** Every migration, oldest first. */
export const migrations = [Ledger1763900000000, StorageWalk1764000000000, WalkedPlace1764100000000];
