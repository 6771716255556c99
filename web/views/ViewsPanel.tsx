import { Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { Suspense, useCallback, useEffect, useMemo, useRef } from 'react'
import type { Finding } from '../../api/index.ts'
import { useActions } from '../actions/actions-context.ts'
import { matchingPresets } from '../actions/presets.ts'
import type { Subject } from '../actions/subject.ts'
import { prepareCanvas } from '../flame/prepare-canvas.ts'
import { FilterBar } from '../toolbar/FilterBar.tsx'
import { SampleTypeSelect } from '../toolbar/SampleTypeSelect.tsx'
import { SearchField } from '../toolbar/SearchField.tsx'
import { useMatchWalk } from '../toolbar/use-match-walk.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ACTION_KEYS } from '../key-table.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useKeys } from '../ui/use-keys.ts'
import { useWidth } from '../ui/use-width.ts'
import type { OpenedClient } from '../view-parts/use-view-client.ts'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import type { ViewState } from '../view-state/view-state.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { TreeQuery } from '../view-worker/view-messages.ts'
import { loadViews, VIEWS } from './index.ts'
import { useSearch } from './use-search.ts'
import { useValidQuery } from './use-valid-query.ts'
import { asStyle } from '../ui/as-style.ts'
import { ViewSwitch } from './ViewSwitch.tsx'
import classes from './ViewsPanel.module.css'

interface ViewsPanelProps {
  readonly opened: OpenedClient
  readonly state: ViewState
  readonly update: UpdateViewState
  /** The finding named in the address. */
  readonly marked: Finding | null
}

/** The chosen view of the profile, below the controls that all views share. */
export function ViewsPanel(props: ViewsPanelProps) {
  const texts = useTexts()
  const { client, error, retry } = props.opened
  // Known before there is a view: laying out the views to learn it would be a part of their first task.
  const { ref, widthPx } = useWidth()
  usePreparedCanvas()
  return (
    <section ref={ref} className={`card ${classes['panel']}`} aria-labelledby="views-title">
      <h2 id="views-title" className="visually-hidden">
        {texts.views}
      </h2>
      {client !== null && <OpenedPanel {...props} client={client} widthPx={widthPx} />}
      {/* It does not move: drawing it again and again would take the time of the worker that loads. */}
      {client === null && error === null && <Skeleton height={420} radius="md" animate={false} />}
      {error !== null && (
        <RequestFailure title={texts.columnsFailed} error={error} onRetry={retry} />
      )}
    </section>
  )
}

interface OpenedPanelProps extends ViewsPanelProps {
  readonly client: ViewClient
  readonly widthPx: number
}

function OpenedPanel(props: OpenedPanelProps) {
  const { client, widthPx, state, update } = props
  const { query, error, isEarlier } = useQuery(client, state)
  const marked = useMemo(() => new Set(props.marked?.frames ?? []), [props.marked])
  const search = useSearch(client, query, state)
  const walk = useMatchWalk(search.found)
  const entry = VIEWS.find(({ name }) => name === state.view) ?? VIEWS[0]
  const chain = useWorkerAnswer(client, ['chain', query], () => client.chain(query))
  const top = useWorkerAnswer(client, ['top', query], () => client.top(query))
  const presets = useMemo(
    () => matchingPresets((top.data?.rows ?? []).map(({ name }) => name)),
    [top.data],
  )
  useLaterViews()
  const searchInput = useRef<HTMLInputElement>(null)
  const onPointed = useViewKeys(state, update, walk.step, searchInput)
  const { ref: toolbar, height } = useElementSize()
  return (
    <div style={asStyle({ '--sticky-height': `${height + STICKY_EXTRA_PX}px` })}>
      <div ref={toolbar} className={classes['toolbar']}>
        <ViewSwitch view={entry.name} update={update} />
        <SampleTypeSelect client={client} chosen={state.sampleType} update={update} />
        <SearchField
          inputRef={searchInput}
          search={state.search}
          isRegex={state.isRegex}
          update={update}
          onType={search.askAhead}
          found={search.found}
          error={search.error}
          walk={walk}
        />
        <FilterBar
          filters={state.filters}
          update={update}
          markedTitle={props.marked?.title ?? null}
          isChainHidden={
            CHAINED_VIEWS.has(entry.name) && state.chain === 'auto' && chain.data === true
          }
          presets={presets}
          error={error}
          isEarlier={isEarlier}
        />
      </div>
      <Suspense fallback={<Skeleton height={420} radius="sm" animate={false} />}>
        <entry.View
          client={client}
          widthPx={widthPx}
          query={query}
          state={state}
          update={update}
          found={search.found}
          walk={walk}
          marked={marked}
          onPointed={onPointed}
        />
      </Suspense>
    </div>
  )
}

/** Learns what every picture needs while the profile is on its way. */
function usePreparedCanvas(): void {
  useEffect(() => {
    const timer = setTimeout(prepareCanvas)
    return () => clearTimeout(timer)
  }, [])
}

/** The views that leave out a long filter chain. */
const CHAINED_VIEWS: ReadonlySet<string> = new Set(['flame', 'tree'])

/** The header of the app and the edges of the toolbar. */
const STICKY_EXTRA_PX = 70

const VIEWS_LOAD_AFTER_MS = 2000

/** Loads the code of the other views when the first one had its time. */
function useLaterViews(): void {
  useEffect(() => {
    // Without the server they are loaded when they are shown, which then says what is missing.
    const timer = setTimeout(() => void loadViews().catch(() => {}), VIEWS_LOAD_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
}

function useQuery(client: ViewClient, state: ViewState) {
  const { sampleType, filters } = state
  const wanted = useMemo<TreeQuery>(() => ({ sampleType, filters }), [sampleType, filters])
  return useValidQuery(client, wanted)
}

/** The keys of the views. What the pointer is on is what they act on, else the selected function. */
function useViewKeys(
  state: ViewState,
  update: UpdateViewState,
  step: (by: 1 | -1) => void,
  searchInput: { readonly current: HTMLInputElement | null },
) {
  const actions = useActions()
  const pointed = useRef<Subject | null>(null)
  const { selected } = state
  const act = (id: (typeof ACTION_KEYS)[number]['id']) => {
    const subject =
      pointed.current ??
      (selected === '' ? null : { kind: 'func' as const, name: selected, stack: [] })
    if (subject !== null) actions.act(id, subject)
  }
  useKeys({
    ...Object.fromEntries(
      ACTION_KEYS.flatMap(({ id, keys }) => keys.map((key) => [key, () => act(id)])),
    ),
    '/': () => searchInput.current?.focus(),
    n: () => step(1),
    N: () => step(-1),
    0: () => update({ zoom: '' }),
    Escape: () => update(state.search === '' ? { zoom: '' } : { search: '' }),
    v: () => update({ direction: state.direction === 'icicle' ? 'flame' : 'icicle' }),
    ...Object.fromEntries(
      VIEWS.map(({ name }, row) => [String(row + 1), () => update({ view: name })]),
    ),
  })
  return useCallback(
    (subject: Subject | null) => {
      pointed.current = subject
    },
    [pointed],
  )
}
