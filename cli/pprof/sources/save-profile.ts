import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { CommandIo } from '../../terminal/command-io.ts'
import { writeNewFile } from '../../terminal/write-new-file.ts'

/**
 * Saves a profile, in profile.proto, as pprof does: in `$PPROF_TMPDIR`, else `$HOME/pprof`, under a new name,
 * `pprof.<name>.<name>.001.pb.gz`. A failure is only reported.
 */
export function saveProfile(bytes: Uint8Array, names: readonly string[], io: CommandIo): void {
  const { PPROF_TMPDIR: given = '', HOME: home = '' } = io.env
  const folders = [given, home === '' ? '' : join(home, 'pprof'), tmpdir()]
  const start = `${['pprof', ...names.filter((name) => name !== '')].join('.')}.`
  for (const folder of folders.filter((each) => each !== '')) {
    try {
      mkdirSync(folder, { recursive: true })
      const place = { start: join(folder, start.replaceAll('/', '_')), end: '.pb.gz' }
      io.writeError(`Saved profile in ${writeNewFile(gzipSync(bytes), place)}\n`)
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
      io.writeError(`Could not save the profile in ${folder}: ${error.message}\n`)
    }
  }
}
