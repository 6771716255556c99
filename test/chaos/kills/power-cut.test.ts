import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { canCutPower, type CuttableDisk, openCuttableDisk } from './cuttable-disk.ts'
import { CHAOS_TIMEOUT_MS, extent, isThorough } from '../../extent.ts'
import { FLAWLESS, judgeHistory, readDirectory } from '../judge-history.ts'
import { childrenOf, killAll, type KubeprofProcess, startKubeprof } from '../kubeprof-process.ts'
import { type Mutant, mutantEnv } from '../mutants.ts'
import { type Acknowledged, type History, newHistory, startUploaders } from '../uploaders.ts'

const CUTS_PER_DISK = 25
const CUTS = extent(10, 300)

const disks = new Set<CuttableDisk>()
afterEach(async () => {
  await killAll()
  for (const disk of disks) await disk.close()
  disks.clear()
})

describe.skipIf(!canCutPower || !isThorough)(
  'power cuts while 4 clients upload and profiles are analysed',
  () => {
    test(
      'nothing that was acknowledged is lost, and a new start goes on from what was left',
      async () => {
        const all = newHistory()
        let disk = kept(await openCuttableDisk())
        for (let cutCount = 0; cutCount < CUTS; cutCount += CUTS_PER_DISK) {
          const count = Math.min(CUTS_PER_DISK, CUTS - cutCount)
          const { history, faults, last } = await cutAgain(disk, { count })
          expect(faults).toEqual([])
          all.acknowledged.push(...history.acknowledged)
          for (const sent of history.sentHashes) all.sentHashes.add(sent)
          await dropped(disk)
          disk = last
        }
        const directory = join(disk.folder, 'data')
        const { url } = await startKubeprof(['serve', '--port', '0', '--data', directory])
        const readState = () => readDirectory(directory)
        expect(await judgeHistory(all, { url, readState })).toEqual(FLAWLESS)
        process.stdout.write(
          `${CUTS} power cuts, ${all.acknowledged.length} acknowledged, 0 lost\n`,
        )
      },
      CHAOS_TIMEOUT_MS,
    )

    test
      .skipIf(!isThorough)
      .each(['the bytes are not flushed', 'the log of SQLite is not flushed'] as const)(
      'when %s, uploads are lost',
      async (mutant) => {
        const { faults } = await cutAgain(kept(await openCuttableDisk()), { count: 3, mutant })
        expect(faults.length).toBeGreaterThan(0)
      },
      CHAOS_TIMEOUT_MS,
    )
  },
)

interface Cuts {
  readonly history: History
  /** Acknowledged uploads that a cut has lost, and rows without their bytes. */
  readonly faults: readonly string[]
  /** What the last cut has left, after which nothing was acknowledged. */
  readonly last: CuttableDisk
}

/** Runs a server on the disk, under load, and copies what as many power cuts would leave. */
async function cutAgain(
  disk: CuttableDisk,
  { count, mutant }: { readonly count: number; readonly mutant?: Mutant },
): Promise<Cuts> {
  const args = ['serve', '--port', '0', '--data', join(disk.folder, 'data')]
  const server = await startKubeprof(args, mutant === undefined ? {} : { env: mutantEnv(mutant) })
  const uploaders = startUploaders(4, () => server.url)
  const faults: string[] = []
  for (let cut = 1; ; cut++) {
    await uploaders.untilMore(8)
    await delay(Math.random() * 50)
    await stopAll(server, 'SIGSTOP')
    const left = kept(await disk.cut())
    const acknowledged = uploaders.history.acknowledged.slice(-50)
    faults.push(...(await faultsOn(left, acknowledged).catch((error: unknown) => [String(error)])))
    if (cut === count) {
      await killStopped(server)
      return { history: await uploaders.stop(), faults, last: left }
    }
    await stopAll(server, 'SIGCONT')
    await dropped(left)
  }
}

async function faultsOn(
  { folder }: CuttableDisk,
  acknowledged: readonly Acknowledged[],
): Promise<readonly string[]> {
  const directory = join(folder, 'data')
  const { blobIds, fileKeys, profiles, integrity } = await readDirectory(directory)
  const keys = new Map(profiles.map(({ id, rawBlobId }) => [id, rawBlobId]))
  const faults = blobIds.filter((id) => !fileKeys.has(id)).map((id) => `dangling ${id}`)
  if (integrity !== 'ok') faults.push(integrity)
  for (const { id, bytes } of acknowledged) {
    const key = keys.get(id)
    const path = join(directory, 'blobs', key?.slice(0, 2) ?? '', key ?? '')
    const found = await readFile(path).catch(() => new Uint8Array())
    if (hash('sha256', found) !== hash('sha256', bytes)) faults.push(`lost ${id}`)
  }
  return faults
}

/** Signals the server and its decoders; after SIGSTOP waits until no thread of them runs or waits for the disk. */
async function stopAll(server: KubeprofProcess, signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
  const pids = [server.pid, ...childrenOf(server.pid)]
  for (const pid of pids) process.kill(pid, signal)
  if (signal === 'SIGCONT') return
  while (!pids.every(isStopped)) await delay(5)
}

/** A stopped decoder does not see that its server is gone, and would be left. */
async function killStopped(server: KubeprofProcess): Promise<void> {
  for (const pid of childrenOf(server.pid)) process.kill(pid, 'SIGKILL')
  await server.end('SIGKILL')
}

/** A decoder that has ended stays as a zombie while its parent is stopped. */
function isStopped(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((task) =>
    /\) [TZ]/.test(readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8')),
  )
}

function kept(disk: CuttableDisk): CuttableDisk {
  disks.add(disk)
  return disk
}

async function dropped(disk: CuttableDisk): Promise<void> {
  disks.delete(disk)
  await disk.close()
}
