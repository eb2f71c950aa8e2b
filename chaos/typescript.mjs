import { register } from 'node:module';

// For `node --import`: runs the TypeScript of this folder, and of the fakes that it starts, as it is.
register('../test/contract/typescript.loader.mjs', import.meta.url);
