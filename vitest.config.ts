import { configDefaults, defineConfig } from 'vitest/config'
import { isThorough } from './test/extent.ts'
import { PATIENCE_MS, TEST_MS_MAX } from './test/patience.ts'
import { foldersLeftOut } from './test/requirements.ts'

/** What takes minutes runs on request: also when a folder or a file of it is named. */
const leftOut = foldersLeftOut().filter(
  (folder) => !process.argv.some((argument) => argument.includes(folder)),
)

/**
 * Of two processors, two workers leave a sixth idle while they wait for other processes. A third one uses it. Thorough
 * runs start whole control planes, whose time limits a third worker would strain.
 */
const maxWorkers = isThorough ? 2 : 3

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: [...configDefaults.exclude, ...leftOut.map((folder) => `${folder}/**`)],
    pool: 'forks',
    maxWorkers,
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
    testTimeout: TEST_MS_MAX,
    hookTimeout: TEST_MS_MAX,
    expect: { poll: { timeout: PATIENCE_MS } },
    env: { TZ: 'UTC', NO_COLOR: '1' },
    server: { deps: { inline: ['d3-flame-graph'] } },
  },
})
