import type { Language, NextStep } from '../../../api/index.ts'
import type { ReadFacts } from '../../judge/facts/capture-facts.ts'
import { isForComponent } from '../../judge/facts/component.ts'
import { clientOfEtcd } from '../../judge/facts/etcd-client.ts'
import { flagNumber } from '../../judge/facts/flags.ts'
import { environmentOf } from '../../judge/verdict/judge-measured.ts'
import { type MetricsPage, sumOf } from '../../judge/facts/metrics.ts'
import type { Verdict } from '../../judge/verdict/verdict.ts'
import { FLAGS, METRICS } from '../../rule/measure-names.ts'
import type { Advice, AdviceScope, MetricText, NextText } from '../../rule/rule.ts'
import { withBounds } from './bounds.ts'
import { fillNext, type NextValues } from './fill-next.ts'
import { fillText } from './fill-text.ts'
import { type AdviceEnvironment, type OpenCondition, openConditions } from './open-conditions.ts'
import { hasOwnMetrics } from './own-metrics.ts'
import { PHRASES } from '../phrases.ts'
import type { OtherFindings } from './other-findings.ts'
import { isTaken, type TakenProfiles } from './taken-profiles.ts'
import { isTold } from './told-query.ts'

/** Selects the advice for one process and fills in the known values. */
export interface Adviser {
  readonly texts: (advice: readonly Advice[]) => readonly string[]
  readonly steps: (steps: readonly NextText[]) => readonly NextStep[]
  readonly metrics: readonly MetricText[]
}

export interface AdviceNeeds {
  readonly verdict: Verdict
  readonly facts: ReadFacts
  readonly taken: TakenProfiles
  readonly others: OtherFindings
  /** Whether the evidence names nearly all callers of what was found. */
  readonly areCallersTold: boolean
  readonly values: NextValues
  readonly language: Language
}

export function adviserOf({
  verdict,
  facts,
  taken,
  others,
  areCallersTold,
  values,
  language,
}: AdviceNeeds): Adviser {
  const environment = adviceEnvironment(verdict, facts)
  const counting = {
    page: facts.metrics.current,
    component: environment.word('component'),
    project: environment.word('project'),
  }
  const say = (text: Advice['text'], open: readonly OpenCondition[]) =>
    withBounds(fillText(text[language], verdict, values), open, language)
  const openOf = ({ when, found, notFound }: AdviceScope) => {
    if (found !== null && others.isRuledOut(found)) return null
    if (notFound !== null && others.isFound(notFound)) return null
    return openConditions(when, environment)
  }
  const metrics = verdict.rule.texts.metrics.filter(
    ({ when }) => openConditions(when, environment) !== null,
  )
  return {
    metrics,
    texts: (advice) =>
      advice.flatMap((each) => {
        const open = each.isOnPage ? null : openOf(each)
        return open === null ? [] : [say(each.text, open)]
      }),
    steps: (steps) =>
      withoutRepeatedLines(
        steps.flatMap((step): readonly NextStep[] => {
          const { what, command, metric, log } = step
          const open = openOf(step)
          if (open === null) return []
          if (metric !== null && !hasOwnMetrics(metric, counting)) return []
          if (metric !== null && isTold(metric, metrics, facts.metrics)) return []
          if (isTaken(command, taken)) return []
          if (areCallersTold && command?.startsWith(PEEK) === true) return []
          const rendered = say(what, open)
          if (command !== null && lacksEvents(command, counting)) {
            return [{ what: PHRASES[language].withoutAuditLog(rendered), log: HTTP_LINE }]
          }
          if (command !== null) return [{ what: rendered, command: fillNext(command, values) }]
          if (metric !== null) return [{ what: rendered, metric: fillNext(metric, values) }]
          return [{ what: rendered, log: fillNext(log ?? '', values) }]
        }),
      ),
  }
}

/** Prints callers. */
const PEEK = 'kubeprof pprof -peek '

/** A line for each request, from --v=3 on: Kubernetes, apiserver/pkg/server/httplog/httplog.go. */
const HTTP_LINE = '"HTTP" verb="..." URI="..." ... userAgent="..." ... srcIP="..."'

/** To look for the same line once is enough; the first step then says all that it is looked for. */
function withoutRepeatedLines(steps: readonly NextStep[]): readonly NextStep[] {
  return steps.flatMap((step, row): readonly NextStep[] => {
    if (step.log === undefined) return [step]
    const same = steps.filter(({ log }) => log === step.log)
    if (same[0] !== steps[row]) return []
    const titles = [...new Set(same.map(({ what }) => what))]
    return [{ ...step, what: titles.join('; ') }]
  })
}

/** Other components count the requests that they answer themselves, and record none. */
const APISERVERS = ['kube-apiserver', '*-apiserver']

/** Whether a command reads the audit log of an apiserver that records no event. */
function lacksEvents(
  command: string,
  { page, component }: { readonly page: MetricsPage; readonly component: string | null },
): boolean {
  if (!isForComponent(APISERVERS, component)) return false
  return / audit\.log /.test(`${command} `) && sumOf(page, 'apiserver_audit_event_total') === 0
}

/** What the rule measured, and what the process says of itself. */
function adviceEnvironment(
  verdict: Verdict,
  { metrics, flags, address }: ReadFacts,
): AdviceEnvironment {
  const measured = environmentOf(verdict)
  return {
    unmeasured: 'hinders',
    number: (name) => {
      const dot = name.indexOf('.')
      const [head, rest] = [name.slice(0, dot), name.slice(dot + 1)]
      if (head === FLAGS) return flagNumber(flags.get(rest))
      const isRaw = head === METRICS && !verdict.rule.numbers.has(rest)
      // As of a rule's own metrics, a comparison with one that is not there is false.
      if (isRaw) return sumOf(metrics.current, rest) ?? NaN
      return measured.number(name)
    },
    version: (name) => measured.version(name),
    word: (name) => {
      if (name === 'scheme') return address?.scheme ?? null
      return name === 'client' ? clientOfEtcd(metrics.current) : measured.word(name)
    },
  }
}
