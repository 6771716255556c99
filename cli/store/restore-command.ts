import { defineCommand } from '../terminal/define-command.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import type { FlagSpec, ParsedFlags } from '../terminal/parse-flags.ts'
import { DATA_FLAGS, readServiceSettings } from '../service/service-flags.ts'
import type { Store } from '../../store/index.ts'
import { copyBetween } from './copy-between.ts'
import {
  assertBackup,
  assertOther,
  noteCommand,
  settingsOfFolder,
  withStore,
} from './open-data-store.ts'
import { placeOf } from '../settings/place-of.ts'

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  force: {
    kind: 'switch',
    help: 'Replace what the store holds; its files that the backup does not have go to the trash',
  },
  ...DATA_FLAGS,
}

const USAGE = `usage: kubeprof restore DIR [flags]

Takes a backup back into an empty store, each file verified by its hash. Stop servers, workers and collectors first. May be
run again after an interruption.
`

/** `kubeprof restore DIR`. */
export const runRestore = defineCommand({
  name: 'restore',
  usage: USAGE,
  flags: FLAGS,
  argumentsMax: 1,
  run,
})

async function run({ text, switches, positionals }: ParsedFlags, io: CommandIo): Promise<number> {
  const [folder] = positionals
  if (folder === undefined) throw new CommandError('name the folder: kubeprof restore DIR')
  const settings = await readServiceSettings(text, io)
  assertOther(settings, folder)
  await assertBackup(folder)
  const names = { command: 'restore', done: 'restored', place: placeOf(settings), io }
  return await withStore(
    settingsOfFolder(settings, folder),
    { isMade: false, isAlone: true },
    async (from) => {
      await assertComplete(from, folder)
      return await withStore(settings, { isMade: true, isAlone: true }, async (to) => {
        if (!switches.has('force')) await assertEmpty(to, placeOf(settings))
        const code = await copyBetween(from, to, names)
        await noteCommand(to, 'store.restore', { folder })
        return code
      })
    },
  )
}

async function assertComplete({ installation }: Store, folder: string): Promise<void> {
  const stop = await installation.stop()
  if (stop?.reason !== 'copy_incomplete') return
  throw new CommandError(`the backup in ${folder} was interrupted: run kubeprof backup again`, 69)
}

/** A copy that was interrupted is no reason to refuse: it is this one, mostly. */
export async function assertEmpty({ rows, installation }: Store, place: string): Promise<void> {
  if (await rows.isEmpty()) return
  if ((await installation.stop())?.reason === 'copy_incomplete') return
  throw new CommandError(`${place} is not empty; --force replaces what it holds`, 69)
}
