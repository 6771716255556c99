import { plainText } from './advice/plain-advice.ts'
import type { Coverage } from '../judge/verdict/coverage.ts'
import type { ReportedVerdict } from '../judge/verdict/fold-verdicts.ts'
import type { Overridden } from '../judge/verdict/apply-overrides.ts'
import type { Risen } from '../judge/verdict/risen.ts'
import type { LogHit } from '../judge/facts/scan-logs.ts'
import type { Language, Note } from '../../api/index.ts'
import { allRules, type RuleSet } from '../rule/rule-set.ts'
import { formatCount, formatShare } from '../../profile/index.ts'
import { inputNotes } from './input-notes.ts'
import { PHRASES } from './phrases.ts'

/** What could not be judged, or only in part: each thing once, with the profiles that it is of. */
export function renderNotes(coverages: readonly Coverage[], language: Language): readonly Note[] {
  const rowsOf = new Map<string, { readonly code: string; readonly of: Coverage[] }>()
  for (const coverage of coverages) {
    for (const { code, text } of inputNotes(coverage, language)) {
      const known = rowsOf.get(text)
      if (known === undefined) rowsOf.set(text, { code, of: [coverage] })
      else known.of.push(coverage)
    }
  }
  const { ofProfiles } = PHRASES[language]
  const notes = [...rowsOf].map(([text, { code, of }]): Note => {
    const subjects = of.map(({ prepared }) => prepared.subject)
    const types = [...new Set(subjects.map(({ type }) => type))]
    const input = subjects.length === 1 ? subjects[0].input : null
    return { code, text: ofProfiles(types.join(', '), text), input }
  })
  return [...notes, ...componentNotes(coverages, language)]
}

/** Whose rules they are that looked at the profiles. */
function componentNotes(coverages: readonly Coverage[], language: Language): readonly Note[] {
  const { notes } = PHRASES[language]
  const judged = coverages.filter(({ gap }) => gap !== 'no_samples' && gap !== 'no_rules')
  const components = new Set(judged.map(({ prepared }) => prepared.subject.component))
  return [...components].flatMap((component): Note[] => {
    if (component === null) {
      return [{ code: 'component_unknown', text: notes.componentUnknown, input: null }]
    }
    const its = judged.filter(({ prepared }) => prepared.subject.component === component)
    if (its.some(({ ownRules, clientRules }) => ownRules + clientRules > 0)) return []
    const text = notes.componentWithoutRules(component)
    return [{ code: 'component_without_rules', text, input: null }]
  })
}

/** The note for a finding that an override of the installation removed or lowered. */
export function renderOverridden({ verdict, override }: Overridden, language: Language): Note {
  const { rule, level, subject } = verdict
  const { atMost, reason, untilText } = override
  const text = PHRASES[language].notes.overridden({
    reason,
    level,
    atMost,
    rule: rule.id,
    until: untilText,
  })
  return { code: 'overridden', text, input: subject.input }
}

/** The note for a share below the rule's levels that was far smaller in the earlier captures. */
export function renderRisen({ rule, measured }: Risen, language: Language): Note {
  const { measures, main, subject } = measured
  const numbers = measures.get(main)
  const [base, share] = [numbers?.base ?? 0, numbers?.share ?? 0].map(formatShare)
  const title = `${rule.id} (${plainText(rule.texts.title)[language]})`
  const captures = formatCount(subject.history.length)
  const text = PHRASES[language].notes.risen({ title, base, share, captures })
  return { code: 'risen', text, input: subject.input }
}

/** Log lines of rules that did not fire. */
export function renderLogNotes(
  reported: readonly ReportedVerdict[],
  logHits: ReadonlyMap<string, readonly LogHit[]>,
  ruleSet: RuleSet,
  language: Language,
): readonly Note[] {
  if (logHits.size === 0) return []
  const fired = new Set(
    reported.flatMap(({ verdict, also }) => [verdict, ...also]).map(({ rule }) => rule.id),
  )
  return allRules(ruleSet).flatMap(({ id, texts }) => {
    const hits = logHits.get(id)
    if (hits === undefined || fired.has(id)) return []
    const lines = hits.map((hit) => logLine(hit, language)).join(' ')
    const title = `${id} (${plainText(texts.title)[language]})`
    return [{ code: 'log_line', text: PHRASES[language].notes.logLines(title, lines), input: null }]
  })
}

export function logLine({ log, count, example }: LogHit, language: Language): string {
  return PHRASES[language].logLines(log, formatCount(count), example)
}
