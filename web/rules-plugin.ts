import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { builtInRuleImage } from '../judge/index.ts'

const RULES_ID = 'virtual:rules'
const root = fileURLToPath(new URL('..', import.meta.url))

/** `import image from 'virtual:rules'` is the image of the built-in rules, compiled when the app is built. */
export function rulesPlugin(): Plugin {
  return {
    name: 'rules',
    resolveId: (id) => (id === RULES_ID ? `\0${RULES_ID}` : null),
    load: async (id) =>
      id === `\0${RULES_ID}`
        ? `export default JSON.parse(${JSON.stringify(await imageText())})`
        : null,
  }
}

/** The same bytes wherever the app is built: a rule's file is named from the root of the project. */
async function imageText(): Promise<string> {
  const image = await builtInRuleImage()
  const rules = image.rules.map(fromRoot)
  const combined = image.combined.map(fromRoot)
  return JSON.stringify({ ...image, rules, combined })
}

function fromRoot<Record extends { readonly file: string }>(record: Record): Record {
  return { ...record, file: relative(root, record.file) }
}
