import { CommandError } from '../../terminal/command-error.ts'
import type { CommandIo } from '../../terminal/command-io.ts'
import { defineCommand } from '../../terminal/define-command.ts'
import type { ParsedFlags } from '../../terminal/parse-flags.ts'
import { keyFileOf, rotateKeys } from '../parts/open-keyring.ts'
import { DATA_FLAGS, readServiceSettings } from '../service-flags.ts'

const USAGE = `usage: kubeprof key rotate     seal stored secrets with a new key from now on; older keys still open what they sealed
`

/** `kubeprof key`: the keys that seal stored secrets. */
export const runKey = defineCommand({
  name: 'key',
  usage: USAGE,
  flags: DATA_FLAGS,
  argumentsMax: { rotate: 0 },
  run,
})

async function run({ text, positionals }: ParsedFlags, io: CommandIo): Promise<number> {
  const [action] = positionals
  if (action !== 'rotate') throw new CommandError('say rotate (see kubeprof key --help)')
  const settings = await readServiceSettings(text, io)
  await rotateKeys(settings)
  io.writeOut(
    `${keyFileOf(settings)} has a new key; send the servers SIGHUP, and delete old lines once they are no longer needed\n`,
  )
  return 0
}
