// `npm run docs:config`: writes docs/config.md.
import { writeFileSync } from 'node:fs'
import { settingsPage } from './settings-page.ts'

writeFileSync(new URL('../docs/config.md', import.meta.url), settingsPage())
