import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { viewerPlugin } from './viewer-plugin.ts'
import { CHUNK_GROUPS, compileAhead } from './chunk-groups.ts'
import { rulesPlugin } from './rules-plugin.ts'

/**
 * Modules of the core only declare. With this known, a page or worker loads only what it uses of them, and what it needs on
 * demand stays out of its first part.
 */
const treeshake = {
  moduleSideEffects: (id: string) => !/\/(profile|api|diagnosis|gzip|judge)\//.test(id),
}

/** On a busy machine a build is slow, which is no fault to warn of. */
const checks = { bundlerTimings: false }

/** `npm run build:web` writes what the server serves. During development `/api` goes to a running server. */
export default defineConfig({
  base: '/',
  plugins: [react(), viewerPlugin(), compileAhead()],
  publicDir: 'public',
  resolve: {
    alias: {
      'd3-transition': new URL('flame/without-transitions.ts', import.meta.url).pathname,
    },
  },
  worker: { format: 'es', plugins: () => [rulesPlugin()], rolldownOptions: { treeshake, checks } },
  build: {
    outDir: '../build/web',
    emptyOutDir: true,
    // Which files each page loads.
    manifest: true,
    // The oldest versions with `light-dark()`; for older targets the build would replace it by a
    // fallback.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The frame of the app is one file.
    chunkSizeWarningLimit: 700,
    // Inlined assets are `data:` addresses, which the content security policy refuses to fetch.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      treeshake,
      checks,
      output: { codeSplitting: { groups: CHUNK_GROUPS } },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:7070' } },
})
