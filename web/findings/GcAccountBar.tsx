import type { GcAccount } from '../../api/index.ts'
import { formatCores, formatShare } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import classes from './GcAccountBar.module.css'

/** The share of garbage collection in all CPU time, in parts that add up. */
export function GcAccountBar(props: { readonly gc: GcAccount }) {
  const texts = useTexts()
  const { paidShare, idleShare, allocShare, naiveShare, cores } = props.gc
  const parts = [
    { id: 'paid', label: texts.gcPaid, hint: texts.gcPaidHint, share: paidShare },
    { id: 'idle', label: texts.gcIdle, hint: texts.gcIdleHint, share: idleShare },
    { id: 'alloc', label: texts.gcAlloc, hint: texts.gcAllocHint, share: allocShare },
  ]
  const rest = Math.max(1 - paidShare - idleShare - allocShare, 0)
  return (
    <section className={`card ${classes['card']}`} aria-labelledby="gc-account">
      <h2
        id="gc-account"
        className={classes['title']}
        title={texts.gcNaive(formatShare(naiveShare))}
      >
        {texts.gcTitle}
        {cores !== null && (
          <span className="muted numbers"> {texts.cores(formatCores(cores))}</span>
        )}
      </h2>
      <div className={classes['bar']} aria-hidden="true">
        {parts.map(({ id, share }) => (
          <span key={id} data-part={id} style={{ flexGrow: share }} />
        ))}
        <span data-part="rest" style={{ flexGrow: rest }} />
      </div>
      <ul className={classes['legend']}>
        {parts.map(({ id, label, hint, share }) => (
          <li key={id} title={hint}>
            <span className={classes['dot']} data-part={id} aria-hidden="true" />
            {label} <strong className="numbers">{formatShare(share)}</strong>
          </li>
        ))}
        <li className="muted">
          {texts.gcNaiveShort} <span className="numbers">{formatShare(naiveShare)}</span>
        </li>
      </ul>
    </section>
  )
}
