import { type Environment, evaluateTruth } from '../../rule/evaluate-expression.ts'
import { type Expression, namesIn, type Operator } from '../../rule/expression.ts'
import { FLAGS, isVersionName, isWordName } from '../../rule/measure-names.ts'

/** A condition that cannot be decided; advice states it. */
export type OpenCondition =
  | {
      readonly kind: 'version'
      readonly name: string
      readonly operator: '<' | '>='
      readonly version: string
    }
  | { readonly kind: 'component'; readonly component: string }
  /** What only a profile or the process tells. */
  | { readonly kind: 'measured'; readonly when: Expression }
  | { readonly kind: 'either'; readonly sides: readonly (readonly OpenCondition[])[] }

export interface AdviceEnvironment extends Environment {
  /** What a measure that was not taken does: without a profile at hand it hinders nothing, and advice may state it. */
  readonly unmeasured: 'hinders' | 'passes' | 'is_stated'
}

/**
 * What is left to decide of the condition that advice has: nothing where it holds, `null` where it does not. Advice for
 * other versions or components than may be at hand is left out. Of what is unknown, versions and components stay open;
 * an unknown flag hinders nothing; of a measure that was not taken the environment says it.
 */
export function openConditions(
  when: Expression | null,
  environment: AdviceEnvironment,
): readonly OpenCondition[] | null {
  if (when === null) return []
  if (when.kind === 'not') {
    const opposite = negated(when.operand)
    if (opposite.kind !== 'not') return openConditions(opposite, environment)
  }
  if (when.kind !== 'operation') return decided(when, environment)
  const { operator, left, right } = when
  if (operator === 'and' || operator === 'or') {
    const sides = [openConditions(left, environment), openConditions(right, environment)] as const
    return operator === 'and' ? both(...sides) : either(...sides)
  }
  if (evaluateTruth(when, environment) !== 'unknown') return decided(when, environment)
  if (left.kind === 'name' && isVersionName(left.name) && right.kind === 'number') {
    const isBound = operator === '<' || operator === '>='
    return isBound ? [{ kind: 'version', name: left.name, operator, version: right.text }] : null
  }
  const isOfWhom = left.kind === 'name' && (left.name === 'component' || left.name === 'project')
  if (isOfWhom && right.kind === 'name') {
    if (left.name === 'project' && right.name === 'other') {
      return operator === '==' ? [] : [{ kind: 'component', component: COMPONENTS }]
    }
    const component = PROJECTS[right.name] ?? right.name
    return operator === '==' ? [{ kind: 'component', component }] : []
  }
  return decided(when, environment)
}

function decided(when: Expression, environment: AdviceEnvironment): Open {
  const truth = evaluateTruth(when, environment)
  if (truth === 'true') return []
  if (environment.unmeasured === 'is_stated') {
    return truth === 'unknown' ? [{ kind: 'measured', when }] : null
  }
  const isOfFlag = namesIn(when).some((name) => name.startsWith(`${FLAGS}.`))
  return truth === 'unknown' && (isOfFlag || environment.unmeasured === 'passes') ? [] : null
}

/** How advice names whom it is for where the component is not known; the reader's own programs need no name. */
const PROJECTS: Readonly<Record<string, string>> = { kubernetes: 'Kubernetes' }

/** What is not the reader's own program: `project != other`. */
const COMPONENTS = 'Kubernetes, etcd, containerd'

type Open = readonly OpenCondition[] | null

function both(a: Open, b: Open): Open {
  return a === null || b === null ? null : [...a, ...b]
}

function either(a: Open, b: Open): Open {
  if (a === null || b === null) return a ?? b
  return a.length === 0 || b.length === 0 ? [] : [{ kind: 'either', sides: [a, b] }]
}

const OPPOSITES: Partial<Readonly<Record<Operator, Operator>>> = {
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  '==': '!=',
  '!=': '==',
  and: 'or',
  or: 'and',
}

/**
 * Versions and components are compared the other way round, so that they can be stated. Of a measure `not` stays: a
 * metric that the process does not have makes its comparison false, and what denies it true.
 */
function negated(expression: Expression): Expression {
  if (expression.kind === 'not') return expression.operand
  if (expression.kind !== 'operation') return { kind: 'not', operand: expression }
  const { left, right } = expression
  const operator = OPPOSITES[expression.operator]
  if (operator === 'and' || operator === 'or') {
    return { ...expression, operator, left: negated(left), right: negated(right) }
  }
  const isStated = left.kind === 'name' && (isVersionName(left.name) || isWordName(left.name))
  if (operator === undefined || !isStated) return { kind: 'not', operand: expression }
  return { ...expression, operator }
}
