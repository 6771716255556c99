import { checkBackends } from '../settings/check-backends.ts'
import { readSettings } from '../settings/config.ts'
import type { Settings } from '../settings/settings.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import type { FlagSpec } from '../terminal/parse-flags.ts'

/** Flags of the commands that run a service, and the setting of each. */
const SETTING_OF = {
  host: 'server.host',
  port: 'server.port',
  data: 'store.directory',
  targets: 'collect.targetsFile',
} as const

export const DATA_FLAGS: Readonly<Record<string, FlagSpec>> = {
  data: { kind: 'text', valueName: 'FOLDER', help: 'Where the data is (store.directory)' },
  config: { kind: 'text', valueName: 'FILE', help: 'Settings in YAML; see docs/config.md' },
}

export const TARGETS_FLAG: Readonly<Record<string, FlagSpec>> = {
  targets: {
    kind: 'text',
    valueName: 'FILE',
    help: 'What to capture and when (collect.targetsFile); see docs/targets.md',
  },
}

/** The settings of file, environment and flags; later ones override. Throws a CommandError. */
export async function readServiceSettings(
  text: Readonly<Record<string, string>>,
  { env }: CommandIo,
): Promise<Settings> {
  const flags = Object.entries(SETTING_OF).flatMap(([flag, setting]) => {
    const value = text[flag]
    return value === undefined ? [] : [[setting, value]]
  })
  const settings = await readSettings({
    file: text['config'] ?? env['KUBEPROF_CONFIG'] ?? null,
    env,
    flags: Object.fromEntries(flags),
  })
  checkBackends(settings)
  return settings
}
