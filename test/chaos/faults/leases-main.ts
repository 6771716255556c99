// A process that plays the workers of one analysis over the data directory of its argument, on a clock of its own, and
// writes how it went: once with a worker that comes back after its lease, once with workers that die of it.
import { writeSync } from 'node:fs'
import { openStore } from '../../../store/index.ts'
import { addProfile } from '../../store/new-profile.ts'
import { STORE_DEFAULTS } from '../../store/store-defaults.ts'

const [directory = ''] = process.argv.slice(2)
const RULES = { backoffMs: [1000], crashCountMax: 3 }
const REQUEST = { owner: 'test', leaseMs: 10_000, versions: { decoder: '1', ruleSet: 'a' } }
const FAILURE = { code: 'PROFILE_INVALID', message: 'broken', reason: 'varint', offsetBytes: 0 }
const CLAIMS_MAX = 10

let nowMs = Date.now() + 60_000
const store = await openStore({ ...STORE_DEFAULTS, directory, now: () => nowMs })
const { analyses } = store

async function claimDue() {
  const normal = await analyses.claimNext('normal', REQUEST)
  return normal ?? analyses.claimNext('isolated', REQUEST)
}

/** Claims what is due, and lets its lease run out. */
async function claimAndVanish() {
  const claim = await claimDue()
  nowMs += 60_000
  await analyses.expireLeases(nowMs, RULES)
  return claim
}

await addProfile(store, 'frozen')
const frozen = await claimAndVanish()
const held = await claimDue()
if (frozen === null || held === null) throw new Error('nothing was claimed')
const isLateEndingTaken = await analyses.fail(frozen, FAILURE)
await analyses.fail(held, FAILURE)

await addProfile(store, 'deadly')
let claimCount = 0
while (claimCount < CLAIMS_MAX && (await claimAndVanish()) !== null) claimCount++

writeSync(1, JSON.stringify({ isLateEndingTaken, claimCount }))
await store.close()
