import { useState } from 'react'
import { useTexts } from '../texts/texts-context.ts'
import { allZoneNames, localZoneName } from '../texts/time-zone.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import classes from './TimeZoneSelect.module.css'

interface ZoneNames {
  /** The zone of the reader's clock. */
  readonly local: string | null
  readonly others: readonly string[]
}

const NO_NAMES: ZoneNames = { local: null, others: [] }

function onlyLocal(): ZoneNames {
  return { local: localZoneName(), others: [] }
}

/** In which zone times are shown: UTC, that of the reader's clock, or any other. */
export function TimeZoneSelect(props: { readonly className?: string | undefined }) {
  const texts = useTexts()
  const { zone, setZone } = useTimeZone()
  // There are hundreds, and to ask for them takes long; they are put into the page when the reader turns to the field.
  const [{ local, others }, setNames] = useState(zone === 'local' ? onlyLocal : NO_NAMES)
  const fill = () =>
    setNames((known) =>
      known.others.length === 0 ? { ...onlyLocal(), others: allZoneNames() } : known,
    )
  const isOther = zone !== 'utc' && zone !== 'local'
  const shown = isOther && !others.includes(zone) ? [zone, ...others] : others
  return (
    <select
      className={`${classes['select']} ${props.className ?? ''}`}
      aria-label={texts.timeZone}
      title={texts.timeZone}
      value={zone}
      onPointerEnter={fill}
      onPointerDown={fill}
      onFocus={fill}
      onChange={(event) => setZone(event.currentTarget.value)}
    >
      <option value="utc">{texts.zoneUtc}</option>
      <option value="local">{texts.zoneLocal(local)}</option>
      {shown.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  )
}
