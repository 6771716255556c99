import { formatShare, SUBSYSTEMS } from '../../profile/index.ts'
import { useLanguage } from '../texts/texts-context.ts'
import type { TopAnswer } from '../view-worker/view-messages.ts'
import classes from './SubsystemLegend.module.css'

const TITLES = new Map(SUBSYSTEMS.map(({ id, title }) => [id, title]))
const ITEMS_MAX = 10
const SHARE_MIN = 0.005

/** The colours of the subsystems with their flat shares, largest first. */
export function SubsystemLegend(props: { readonly subsystems: TopAnswer['subsystems'] }) {
  const { texts, language } = useLanguage()
  const shown = props.subsystems.filter(({ share }) => share >= SHARE_MIN).slice(0, ITEMS_MAX)
  return (
    <ul className={classes['legend']} aria-label={texts.legend} title={texts.legend}>
      {shown.map(({ id, share }) => (
        <li key={id}>
          <span
            className={classes['dot']}
            style={{ background: `var(--subsystem-${id})` }}
            aria-hidden="true"
          />
          {TITLES.get(id)?.[language] ?? id} <span className="numbers">{formatShare(share)}</span>
        </li>
      ))}
    </ul>
  )
}
