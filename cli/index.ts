export { COMMANDS } from './commands.ts'
export { readSettings } from './config.ts'
export { settingEntries } from './settings.ts'
export { settingsPage } from './settings-page.ts'
