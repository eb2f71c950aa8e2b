import react from '@vitejs/plugin-react';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Builds the pages into `dist/studio/page`; the service serves their hashed files below /studio/assets. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/studio/',
  logLevel: 'warn',
  plugins: [react(), compressed()],
  build: {
    outDir: '../../../dist/studio/page',
    emptyOutDir: true,
    target: 'es2022',
    // Only files: the content security policy of the pages has no place for data: fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The Monaco editor is 2.8 MB in one piece; leaving out the parts that GraphiQL does not use would save 8 % of the page.
    chunkSizeWarningLimit: 3000,
    // React's compiler leaves directives in GraphiQL's packages that mean nothing in a bundle; how long a plugin takes says more of the machine.
    rolldownOptions: { input: ['studio.html', 'graphiql.html'], checks: { moduleLevelDirective: false, bundlerTimings: false } },
  },
});

/** Lays a Brotli copy beside every script and style sheet, once they are what they will be, for the service to send to those who take it. */
function compressed(): Plugin {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  return {
    name: 'filmroll:compressed',
    apply: 'build',
    async writeBundle({ dir }, bundle) {
      const files = Object.keys(bundle).filter((file) => /\.(js|css)$/.test(file));
      for (const file of files.map((name) => join(dir!, name))) {
        await writeFile(`${file}.br`, brotliCompressSync(await readFile(file), quality));
      }
    },
  };
}
