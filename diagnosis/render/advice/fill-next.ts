import type { ProcessOrigin } from '../../judge/facts/process-origin.ts'
import type { CombinedRule, Rule } from '../../rule/rule.ts'
import { addressOf, fetchCommand, portOf, schemeOf } from './fetch-command.ts'
import { fillPlaces, type ValueOf } from './fill-places.ts'

/** Values for the placeholders of a next step; `null` for unknown ones. */
export interface NextValues {
  /** What the rule's `by` found: a controller, a plugin. */
  readonly group: string | null
  /** The kind of object seen most: `core/v1.Pod`. */
  readonly kind: string | null
  /** The resource that is listed most, where no kind is seen. */
  readonly listed: string | null
  readonly component: string | null
  /** Where the process was reached for the capture. */
  readonly origin: ProcessOrigin | null
  /** The flags that it runs with, by name. */
  readonly flags: ReadonlyMap<string, string>
}

/** Nothing is known. */
export const NO_VALUES: NextValues = {
  group: null,
  kind: null,
  listed: null,
  component: null,
  origin: null,
  flags: new Map(),
}

/** A port that is not known: commands have it between single quotes. */
const PORT_ASKED = `'"$PORT"'`

/**
 * A command, metric query or log line with its values: `{group}`, `{resource}` (`pods`), `{address}`, and `{pprof:heap?gc=1}`
 * or `{get:/metrics}`, the commands that fetch a profile and a page of this component. Text in `[[ ]]` is left out where a
 * value in it is not known.
 */
export function fillNext(text: string, values: NextValues): string {
  const { component, origin } = values
  const valueOf = (name: string) =>
    name === 'port' ? (portOf(component, origin) ?? PORT_ASKED) : nextValue(name, values)
  return fillPlaces(text, valueOf, '…')
    .replaceAll(/\{pprof:([^}]*)\}/g, (_, path: string) =>
      fetchCommand(component, `/debug/pprof/${path}`, origin),
    )
    .replaceAll(/\{get:([^}]*)\}/g, (_, path: string) => fetchCommand(component, path, origin))
}

/** The value of a place that any text may have. */
export function nextValue(
  name: string,
  { group, kind, listed, component, origin, flags }: NextValues,
): ReturnType<ValueOf> {
  if (name.startsWith('flags.')) return flags.get(name.slice('flags.'.length)) ?? null
  switch (name) {
    case 'group':
      return group
    case 'resource':
      return kind === null ? listed : resourceOf(kind)
    case 'component':
      return component
    case 'address':
      return addressOf(component, origin)
    case 'port':
      return portOf(component, origin)
    case 'scheme':
      return schemeOf(component, origin)
    default:
      return undefined
  }
}

/** The same where no profile is at hand: what the rule is of is all that is known. */
export function plainNext(rule: Rule | CombinedRule, text: string): string {
  const components = 'components' in rule ? rule.components : []
  const [component = null] = components.length === 1 ? components : []
  return fillNext(text, { ...NO_VALUES, component })
}

/** A query without what is narrowed by values. */
export function plainQuery(text: string): string {
  return fillNext(text, NO_VALUES)
}

/** The plural by which the API and its metrics name a kind. */
function resourceOf(kind: string): string {
  const word = kind.slice(kind.lastIndexOf('.') + 1).toLowerCase()
  if (word === 'endpoints') return word
  if (/(?:s|x|ch)$/.test(word)) return `${word}es`
  return word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`
}
