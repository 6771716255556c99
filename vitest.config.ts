import { configDefaults, defineConfig } from 'vitest/config'

/** What takes minutes runs where all is required, and where it is asked for (`npm run test:faults`). */
const ON_REQUEST = ['test/chaos/**', 'test/stack/**']
const isRequested =
  ['KUBEPROF_TEST_FAULTS', 'KUBEPROF_TEST_REQUIRE_ALL'].some((name) => name in process.env) ||
  process.argv.some((argument) => /test\/(?:chaos|stack)/.test(argument))

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: [...configDefaults.exclude, ...(isRequested ? [] : ON_REQUEST)],
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { TZ: 'UTC', NO_COLOR: '1' },
    server: { deps: { inline: ['d3-flame-graph'] } },
  },
})
