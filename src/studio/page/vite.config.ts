import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the pages into `dist/studio/page`; the service serves their hashed files below /studio/assets. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/studio/',
  logLevel: 'warn',
  plugins: [react()],
  build: {
    outDir: '../../../dist/studio/page',
    emptyOutDir: true,
    target: 'es2022',
    // Only files: the content security policy of the pages has no place for data: fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The Monaco editor is 2.8 MB in one piece; leaving out the parts that GraphiQL does not use would save 8 % of the page.
    chunkSizeWarningLimit: 3000,
    // React's compiler leaves directives in GraphiQL's packages that mean nothing in a bundle.
    rolldownOptions: { input: 'graphiql.html', checks: { moduleLevelDirective: false } },
  },
});
