import {
  ID_PATTERN,
  LABEL_NAME_IN_WORDS,
  RESOURCE_NAME_PATTERN,
  SPACE_NAME,
  WAIT_PATTERN,
} from '../../api/index.ts'

/** How a schema fails, as Ajv and TypeBox say it. */
export interface SchemaFailure {
  readonly keyword: string
  readonly instancePath: string
  readonly params: object
  readonly message?: string
}

/** What the parameter's text must be, for those who do not read patterns. */
const PATTERNS: ReadonlyMap<unknown, string> = new Map([
  [ID_PATTERN, 'must be an id, 26 digits and capital letters such as 01JD6Q8G0000000000000000AA'],
  [WAIT_PATTERN, 'must be a time in seconds or milliseconds, such as 10s or 500ms'],
  [SPACE_NAME, 'must be up to 63 small letters, digits and -, with no - at its ends'],
  [RESOURCE_NAME_PATTERN, 'must be up to 63 small letters, digits and -, with no - at its ends'],
])

/** The name of the parameter that fails; empty where the whole does. */
export function failingName({ params, instancePath }: SchemaFailure): string {
  for (const key of ['additionalProperty', 'missingProperty']) {
    const name: unknown = Reflect.get(params, key)
    if (typeof name === 'string') return name
  }
  return instancePath.replace(/^\//, '').replaceAll('/', '.')
}

/** Whether a parameter that may be given several times fails: one of its values, or their number. */
export function isOfSeveral({ keyword, instancePath }: SchemaFailure): boolean {
  return keyword === 'maxItems' || /^\/[^/]+\/\d+$/.test(instancePath)
}

/** What is wrong with a parameter: `is missing`. `value` is its value, where it is known. */
export function faultOf(failure: SchemaFailure, value?: unknown): string {
  const { keyword, params, message } = failure
  // TypeBox says `boolean`, of a schema that allows nothing.
  if (keyword === 'additionalProperties' || keyword === 'boolean') {
    const isLabel = failingName(failure).startsWith('label.')
    return isLabel
      ? `is not known here: the name of a label is ${LABEL_NAME_IN_WORDS}`
      : 'is not known here'
  }
  if (keyword === 'required') return 'is missing'
  // A list of values fails as no text, or as none of those allowed.
  const isRepeated = ['type', 'enum'].includes(keyword) && Array.isArray(value)
  if (isRepeated) return `is given ${value.length} times, and may be given once`
  const pattern = keyword === 'pattern' ? PATTERNS.get(Reflect.get(params, 'pattern')) : undefined
  if (pattern !== undefined) return pattern
  if (keyword === 'format' && Reflect.get(params, 'format') === 'date-time') {
    return 'must be a date and time with its zone, such as 2026-11-30T18:28:00Z'
  }
  if (keyword === 'maxItems') return `may be given ${Reflect.get(params, 'limit')} times at most`
  if (keyword === 'minLength' && Reflect.get(params, 'limit') === 1) return 'must not be empty'
  const allowed: unknown = Reflect.get(params, 'allowedValues')
  return Array.isArray(allowed) ? oneOf(allowed) : (message ?? 'is not valid')
}

function oneOf(allowed: readonly unknown[]): string {
  const texts = allowed.filter((value) => value !== '')
  if (texts.length < allowed.length) return `must be empty or one of ${texts.join(', ')}`
  return `must be one of ${texts.join(', ')}`
}
