import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import type { RuleReply } from '../../../api/index.ts'
import { allRules, describeRule } from '../../../diagnosis/index.ts'
import type { ServerNeeds } from '../../../server/index.ts'
import { BUILT_IN_RULES, describeFault, type LoadedRules, loadRules } from '../../../judge/index.ts'
import { CommandError } from '../../terminal/command-error.ts'

/**
 * The rules as the server shows them, read when they are first requested. The installation's own folder is read at once,
 * so that its faults are reported at the start: a broken rule is left out, the others work.
 */
export async function openRules(
  ownDirectory: string,
  logger: Pick<Logger, 'warn'>,
): Promise<ServerNeeds['rules']> {
  const directories = ownDirectory === '' ? [] : [ownDirectory]
  let pages: Promise<readonly RuleReply[]> | null = null
  const load = () => loadRules(BUILT_IN_RULES, directories)
  if (ownDirectory !== '') {
    const loaded = await load().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      throw new CommandError(`worker.rulesDirectory: ${reason}`)
    })
    for (const fault of loaded.faults) {
      logger.warn({ rule: describeFault(fault) }, 'a rule is left out')
    }
    pages = Promise.resolve(describeAll(loaded))
  }
  return { list: () => (pages ??= load().then(describeAll)) }
}

function describeAll({ ruleSet }: LoadedRules): readonly RuleReply[] {
  return allRules(ruleSet).map((rule) => ({
    ...describeRule(rule),
    isOwn: !rule.file.startsWith(BUILT_IN_RULES),
    file: readFileSync(rule.file, 'utf8'),
  }))
}
