import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MEMORY_FOLDER } from '../../temporary-directory.ts'

const SIZE_BYTES = 512 * 2 ** 20

/** Loop devices and the right to mount, which only root has. */
export const canCutPower = process.getuid?.() === 0 && existsSync('/dev/loop-control')

/**
 * An ext4 file system on a file. What was written and not flushed is not in the file for ten minutes, so a copy of the
 * file is what a power cut leaves of the disk.
 */
export interface CuttableDisk {
  /** Where it is mounted. */
  readonly folder: string
  /** The disk as a power cut would leave it now. Its writers must stand still. */
  readonly cut: () => Promise<CuttableDisk>
  readonly close: () => Promise<void>
}

export async function openCuttableDisk(): Promise<CuttableDisk> {
  const place = await mkdtemp(join(MEMORY_FOLDER, 'kubeprof-disk-'))
  const image = join(place, 'image')
  await writeFile(image, '')
  await truncate(image, SIZE_BYTES)
  run('mkfs.ext4', '-q', '-F', '-m', '0', image)
  return mounted(place)
}

async function mounted(place: string): Promise<CuttableDisk> {
  const folder = await mkdtemp(join(place, 'mounted-'))
  run('mount', '-o', 'loop,commit=600', join(place, 'image'), folder)
  return {
    folder,
    async cut() {
      const copy = await mkdtemp(join(MEMORY_FOLDER, 'kubeprof-disk-'))
      run('cp', '--sparse=always', join(place, 'image'), join(copy, 'image'))
      return mounted(copy)
    },
    async close() {
      run('umount', '-l', folder)
      await rm(place, { recursive: true, force: true })
    },
  }
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
}
