import { packageOfName } from '../../profile/index.ts'
import type { ActionId } from '../key-table.ts'
import { type FilterKind, withFilter } from '../view-state/filters.ts'
import type { ViewState } from '../view-state/view-state.ts'
import type { SourceAnswer } from '../view-worker/view-messages.ts'
import { escapePattern, funcPattern, packagePattern, tagPattern } from './patterns.ts'
import { pprofCommand } from './pprof-command.ts'
import { type ProgramVersions, sourceLink } from './source-link.ts'
import type { Subject } from './subject.ts'

/** What an action does: change the view, copy a text, or open an address. */
export type Effect =
  | { readonly kind: 'update'; readonly changes: Partial<ViewState> }
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'open'; readonly url: string }

export interface Action {
  readonly id: ActionId
  readonly effect: Effect
}

export interface ActionContext {
  readonly state: ViewState
  readonly versions: ProgramVersions
  /** The address of this page in its view. */
  readonly pageUrl: string
  /** The address of the profile's bytes; `null` where the reader has no right to them. */
  readonly rawUrl: string | null
  readonly lookUp: (funcName: string) => Promise<SourceAnswer>
}

const NAMES_MAX = 60

/** What can be done with a subject, in groups. */
export async function actionsOf(
  subject: Subject,
  context: ActionContext,
): Promise<readonly (readonly Action[])[]> {
  const filter = (id: ActionId, kind: FilterKind, pattern: string) =>
    update(id, { filters: withFilter(context.state.filters, { kind, pattern }), zoom: '' })
  if (subject.kind === 'func') return funcActions(subject, context, filter)
  if (subject.kind === 'package') return packageActions(subject.path, filter)
  if (subject.kind === 'subsystem') {
    return [chooseBy(funcPattern(subject.names.slice(0, NAMES_MAX)), filter)]
  }
  const pattern = tagPattern(subject.key, subject.value, subject.unit)
  const filters = [filter('focus', 'tf', pattern), filter('ignore', 'ti', pattern)]
  return [filters, [copy('copyName', subject.value)]]
}

type MakeFilter = (id: ActionId, kind: FilterKind, pattern: string) => Action

function chooseBy(pattern: string, filter: MakeFilter): readonly Action[] {
  return [
    filter('focus', 'f', pattern),
    filter('ignore', 'i', pattern),
    filter('hide', 'h', pattern),
  ]
}

function packageActions(path: string, filter: MakeFilter) {
  const collapse = filter('collapsePackage', 'cp', `^${escapePattern(path)}$`)
  return [
    [...chooseBy(packagePattern(path), filter), collapse],
    [update('search', { search: path, isRegex: false }), copy('copyName', path)],
  ]
}

async function funcActions(
  subject: Subject & { readonly kind: 'func' },
  context: ActionContext,
  filter: MakeFilter,
) {
  const { name } = subject
  const source = await context.lookUp(name)
  const pattern = funcPattern(source.rawNames.length === 0 ? [name] : source.rawNames)
  const path = packageOfName(name)
  const ofPackage =
    path === name ? [] : [filter('collapsePackage', 'cp', `^${escapePattern(path)}$`)]
  return [
    [...chooseBy(pattern, filter), filter('showFrom', 'sf', pattern)],
    [filter('collapseRecursion', 'cr', `^${escapePattern(name)}$`), ...ofPackage],
    [
      update('callers', { view: 'peek', selected: name }),
      update('sandwich', { view: 'sandwich', selected: name }),
      update('search', { search: name, isRegex: false }),
    ],
    copies(subject, pattern, source, context),
  ]
}

function copies(
  { name, stack }: Subject & { readonly kind: 'func' },
  pattern: string,
  { file, line }: SourceAnswer,
  { state, pageUrl, rawUrl, versions }: ActionContext,
): readonly Action[] {
  const url = sourceLink(file, line, versions)
  const focused = { ...state, filters: withFilter(state.filters, { kind: 'f', pattern }) }
  const open: Action[] = url === null ? [] : [{ id: 'source', effect: { kind: 'open', url } }]
  return [
    copy('copyName', name),
    ...(stack.length === 0 ? [] : [copy('copyStack', stack.join('\n'))]),
    copy('copyLink', pageUrl),
    ...(rawUrl === null ? [] : [copy('copyPprof', pprofCommand(focused, rawUrl))]),
    ...open,
  ]
}

function update(id: ActionId, changes: Partial<ViewState>): Action {
  return { id, effect: { kind: 'update', changes } }
}

function copy(id: ActionId, text: string): Action {
  return { id, effect: { kind: 'copy', text } }
}
