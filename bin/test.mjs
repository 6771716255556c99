// Runs the tests and ends with `N passed, N failed`. Names the missing programs whose suites were skipped.
// Plain JavaScript for Node 20, because the tests themselves run on the pinned Node 24.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const results = join(root, 'build', 'test-results.json')

mkdirSync(dirname(results), { recursive: true })
rmSync(results, { force: true })
const run = spawnSync(
  join(root, 'bin', 'node'),
  [
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
)

printSkippedSuites()
const { passed, failed } = count()
console.log(`${passed} passed, ${failed} failed`)
process.exit(run.status === 0 && failed === 0 && passed > 0 ? 0 : 1)

/** A file that could not even be loaded counts as one failure. */
function count() {
  try {
    const report = JSON.parse(readFileSync(results, 'utf8'))
    const brokenFiles = report.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some(isFailed),
    )
    return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length }
  } catch {
    return { passed: 0, failed: 1 }
  }
}

function isFailed(result) {
  return result.status === 'failed'
}

function printSkippedSuites() {
  const requirements = JSON.parse(readFileSync(join(root, 'test', 'requirements.json'), 'utf8'))
  for (const { name, commands, folders, get, onRequest } of requirements) {
    if (onRequest !== undefined && !isRequested(onRequest)) {
      const suites = folders?.join(' and ') ?? `the suites that need ${name}`
      console.log(`Left out ${suites}: ${onRequest.run} runs them (${get})`)
      continue
    }
    if (commands.every(isInstalled)) continue
    console.log(`Skipped the suites that need ${name}, which is not on this machine: ${get}`)
  }
}

function isRequested({ variable }) {
  return [variable, 'KUBEPROF_TEST_REQUIRE_ALL'].some((name) => process.env[name] !== undefined)
}

function isInstalled(command) {
  const onPath = (process.env.PATH ?? '').split(delimiter)
  const cache = join(homedir(), '.cache')
  const packages = join(cache, 'kubeprof-chdb', 'node_modules', '.bin')
  const python = join(cache, 'kubeprof-schemathesis', 'bin')
  const folders = [...onPath, join(homedir(), 'go', 'bin'), packages, python, ...postgresFolders()]
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Debian keeps the programs of a Postgres server off the path. */
function postgresFolders() {
  const parent = '/usr/lib/postgresql'
  try {
    return readdirSync(parent).map((version) => join(parent, version, 'bin'))
  } catch {
    return []
  }
}
