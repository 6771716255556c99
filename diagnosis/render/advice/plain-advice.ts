import { wordOf } from '../../judge/facts/component.ts'
import { isVersionName } from '../../rule/measure-names.ts'
import type { Advice, CombinedRule, Rule, RuleHead, Text } from '../../rule/rule.ts'
import { ANY_VERSION, parseVersionRange } from '../../rule/version-range.ts'
import { withBounds } from './bounds.ts'
import { type ConditionNames, namesOfRule } from './condition-words.ts'
import { type AdviceEnvironment, openConditions } from './open-conditions.ts'

/** What is known of a process that there is no profile of; `null` for what is not. */
export interface PlainProcess {
  readonly component: string | null
  /** A version or a range of them: `1.31`, `>=1.27 <1.31`. */
  readonly kubernetes: string | null
}

const NO_PROCESS: PlainProcess = { component: null, kubernetes: null }

/** Advice as its rule's page has it: with the versions, the components and the measures that it is for. */
export function plainAdvice(
  { when, text }: Pick<Advice, 'when' | 'text'>,
  rule: Rule | CombinedRule,
): Text {
  const open = openConditions(when, environmentOf(NO_PROCESS, 'is_stated')) ?? []
  const { en, zh } = plainText(text)
  const names: ConditionNames = namesOfRule(rule)
  return { en: withBounds(en, open, 'en', names), zh: withBounds(zh, open, 'zh', names) }
}

/** What the findings of a rule may say to a process: all that only measures could rule out is there. In English. */
export function adviceTo(
  { texts }: RuleHead,
  process: PlainProcess,
): Readonly<Record<'remarks' | 'remedy' | 'next', readonly string[]>> {
  const environment = environmentOf(process, 'passes')
  const say = (advice: readonly Pick<Advice, 'when' | 'text'>[]) =>
    advice.flatMap(({ when, text }) => {
      const open = openConditions(when, environment)
      return open === null ? [] : [withBounds(plainText(text).en, open, 'en')]
    })
  return {
    remarks: say(texts.remarks),
    remedy: say(texts.remedy.filter(({ isOnPage }) => !isOnPage)),
    next: say(
      texts.next.map(({ when, what, command, metric, log }) => {
        const step = command ?? metric ?? log ?? ''
        return { when, text: { en: `${what.en}: ${step}`, zh: `${what.zh}: ${step}` } }
      }),
    ),
  }
}

function environmentOf(
  { component, kubernetes }: PlainProcess,
  unmeasured: AdviceEnvironment['unmeasured'],
): AdviceEnvironment {
  const range = (kubernetes === null ? null : parseVersionRange(kubernetes)) ?? ANY_VERSION
  return {
    unmeasured,
    number: () => null,
    version: (name) => {
      if (name === 'kubernetes') return range
      return isVersionName(name) ? ANY_VERSION : null
    },
    word: (name) => wordOf(name, component),
  }
}

/** A text with `N` and `N%` for the numbers and `…` for the names that a profile would fill in. */
export function plainText({ en, zh }: Text): Text {
  return { en: withoutValues(en), zh: withoutValues(zh) }
}

const SHARES = /(?:^|\.)(?:share|of|within)$/
const NAMES =
  /^(?:group|resource|component|address|port|scheme|since|latestSince|newVersion|flags\..*)$/

function withoutValues(text: string): string {
  return text
    .replaceAll(/\[\[.*?\]\]/g, '')
    .replaceAll(/\{([a-z][\w.-]*)\}/g, (_, name: string) => {
      if (NAMES.test(name)) return '…'
      return SHARES.test(name) ? 'N%' : 'N'
    })
}
