import { createContext, useContext } from 'react'
import type { TimeZone } from './time-zone.ts'

export interface TimeZoneContextValue {
  readonly zone: TimeZone
  readonly setZone: (zone: TimeZone) => void
}

export const TimeZoneContext = createContext<TimeZoneContextValue>({
  zone: 'utc',
  setZone: () => {},
})

export function useTimeZone(): TimeZoneContextValue {
  return useContext(TimeZoneContext)
}
