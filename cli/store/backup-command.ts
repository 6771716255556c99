import { defineCommand } from '../terminal/define-command.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import type { ParsedFlags } from '../terminal/parse-flags.ts'
import { DATA_FLAGS, readServiceSettings } from '../service/service-flags.ts'
import { copyBetween } from './copy-between.ts'
import { assertOther, noteCommand, settingsOfFolder, withStore } from './open-data-store.ts'

const USAGE = `usage: kubeprof backup DIR [flags]

Copies all rows of one moment, and the files that they refer to, into a folder, while servers and workers go on. Into the
same folder again it copies only what is new. The folder is a data directory: "kubeprof verify --data DIR" checks it, and
"kubeprof restore DIR" takes it back. Exits with 1 when files of the store are not whole.
`

/** `kubeprof backup DIR`. */
export const runBackup = defineCommand({
  name: 'backup',
  usage: USAGE,
  flags: DATA_FLAGS,
  argumentsMax: 1,
  run,
})

async function run({ text, positionals }: ParsedFlags, io: CommandIo): Promise<number> {
  const [folder] = positionals
  if (folder === undefined) throw new CommandError('name the folder: kubeprof backup DIR')
  const settings = await readServiceSettings(text, io)
  assertOther(settings, folder)
  const backup = settingsOfFolder(settings, folder)
  const names = { command: 'backup', done: 'backed up', place: folder, io }
  return await withStore(settings, { isMade: false, isAlone: false }, async (from) => {
    const code = await withStore(backup, { isMade: true, isAlone: true }, (to) =>
      copyBetween(from, to, names),
    )
    await noteCommand(from, 'store.backup', { folder })
    return code
  })
}
