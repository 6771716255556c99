import type { TraceReply } from '../../api/index.ts'
import { formatCount, formatDurationNs, formatSizeBytes } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './TraceTables.module.css'

const WAITS_SHOWN_MAX = 8
const FUNCS_SHOWN_MAX = 5

/**
 * The summary of an execution trace: a warning when it is inconsistent, time by state, waits,
 * garbage collections and the longest stretches.
 */
export function TraceTables({ trace }: { readonly trace: TraceReply }) {
  const texts = useTexts()
  const { states, scheduling, syscalls, gc, stops } = trace
  const rows = [
    { name: texts.traceStates.running, totalNs: states.running, spread: null },
    { name: texts.traceStates.runnable, totalNs: states.runnable, spread: scheduling },
    { name: texts.traceStates.syscall, totalNs: states.syscall, spread: syscalls },
    { name: texts.traceStates.waiting, totalNs: states.waiting, spread: null },
  ]
  return (
    <div className={`card ${classes['tables']}`}>
      <p className="muted">
        {texts.traceLead(
          formatDurationNs(trace.durationNs),
          formatCount(trace.goroutineCount),
          trace.goVersion,
        )}
      </p>
      {trace.inconsistency !== null && (
        <p role="alert">
          {texts.traceInconsistent} <UntrustedText text={trace.inconsistency} />
        </p>
      )}
      <table className={classes['table']}>
        <tbody>
          {rows.map(({ name, totalNs, spread }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="numbers">{formatDurationNs(totalNs)}</td>
              <td className={classes['spread']}>{spread !== null && <Spread spread={spread} />}</td>
            </tr>
          ))}
          {trace.waits.slice(0, WAITS_SHOWN_MAX).map(({ reason, totalNs, count }) => (
            <tr key={`wait ${reason}`}>
              <th scope="row" className={classes['wait']}>
                <UntrustedText text={reason === '' ? texts.traceBefore : reason} />
              </th>
              <td className="numbers">{formatDurationNs(totalNs)}</td>
              <td className={classes['spread']}>{texts.traceTimes(formatCount(count))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {texts.traceCollections(formatCount(gc.windows.length), formatDurationNs(gc.totalNs))}{' '}
        {texts.traceAssists(formatDurationNs(gc.assistNs))}{' '}
        {gc.heapBytesMax !== null && texts.traceHeap(formatSizeBytes(gc.heapBytesMax))}{' '}
        {texts.traceStops(formatCount(stops.count), formatDurationNs(stops.maxNs))}
      </p>
      <Longest title={texts.traceLongestScheduling} stretches={scheduling.longest} />
      <Longest title={texts.traceLongestSyscalls} stretches={syscalls.longest} />
    </div>
  )
}

function Spread({ spread }: { readonly spread: Omit<TraceReply['stops'], 'reasons'> }) {
  const texts = useTexts()
  if (spread.count === 0) return null
  const [half, most, longest] = [spread.p50Ns, spread.p99Ns, spread.maxNs].map((ns) =>
    formatDurationNs(Math.round(ns)),
  )
  return <>{texts.traceSpread(half ?? '', most ?? '', longest ?? '')}</>
}

interface LongestProps {
  readonly title: string
  readonly stretches: TraceReply['syscalls']['longest']
}

function Longest({ title, stretches }: LongestProps) {
  if (stretches.length === 0) return null
  return (
    <details>
      <summary className={classes['summary']}>{title}</summary>
      <ol className={classes['stretches']}>
        {stretches.map(({ goroutine, startNs, durationNs, func, stack }) => (
          <li key={`${goroutine} ${startNs}`}>
            <span className="numbers">{formatDurationNs(durationNs)}</span>{' '}
            <UntrustedText text={func ?? ''} />
            <ul className={classes['stack']}>
              {stack.slice(0, FUNCS_SHOWN_MAX).map((name, row) => (
                <li key={`${row} ${name}`}>
                  <UntrustedText text={name} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </details>
  )
}
