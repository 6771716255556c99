import { AppError, type TestTargetReply } from '../../api/index.ts'
import type { Store } from '../../store/index.ts'
import { checkAccess, type AccessCheck } from '../reach/check-access.ts'
import type { Log } from '../log.ts'
import type { ReachHolder } from './reach-holder.ts'
import { withDeadline } from './with-deadline.ts'

const TESTS_MAX = 4
const TEST_MS_MAX = 25_000
/** What the usual captures take. */
const PROFILES = ['profile', 'heap', 'goroutine', 'block']

export interface TestNeeds {
  readonly store: Pick<Store, 'targets'>
  readonly reach: ReachHolder
  readonly log: Log
}

/** Runs the target tests that users asked for, and stores the results, which the requests wait for. */
export async function runTests(needs: TestNeeds, signal: AbortSignal): Promise<void> {
  const { store, reach, log } = needs
  const tasks = await store.targets.claimTests(TESTS_MAX)
  await Promise.all(
    tasks.map(async ({ target, askedAtMs }) => {
      const lines = await withDeadline(signal, TEST_MS_MAX, (limited) =>
        reach.use((reach) =>
          checkAccess(reach, target.spec, { profiles: PROFILES, signal: limited }),
        ),
      ).catch((error: unknown) => [brokenLine(needs, error)])
      const isFine = lines.every((line) => line.isFine)
      const reply: TestTargetReply = { testedAt: new Date().toISOString(), isFine, lines }
      await store.targets.saveTest(target.name, askedAtMs, reply)
      log.info({ target: target.name, isFine }, 'tested a target')
    }),
  )
}

function brokenLine({ log }: TestNeeds, error: unknown): AccessCheck {
  if (!(error instanceof AppError))
    log.error({ err: error }, 'the test of a target failed with an internal error')
  const text =
    error instanceof AppError
      ? error.message
      : 'The test failed with an internal error or took too long.'
  return { subject: 'discovery', isFine: false, text, remedy: null }
}
