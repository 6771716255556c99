// `npm run docs:config`: writes docs/config.md, and the tables of docs/targets.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { settingsPage } from './settings-page.ts'
import { withTables } from './targets-tables.ts'

writeFileSync(new URL('../../docs/config.md', import.meta.url), settingsPage())
const targets = new URL('../../docs/targets.md', import.meta.url)
writeFileSync(targets, withTables(readFileSync(targets, 'utf8')))
