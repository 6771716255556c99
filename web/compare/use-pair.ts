import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { CaptureSummary, ProfileSummary } from '../../api/index.ts'
import { columnsApiPath } from '../paths.ts'
import { fetchBytes } from '../requests/call-server.ts'
import { captureQuery } from '../requests/capture-queries.ts'
import { profileQuery } from '../requests/profile-queries.ts'
import { openViewClient, type ViewClient } from '../view-worker/view-client.ts'

/** One of the two that are compared: a profile, or the profile of a capture that both captures have. */
export interface ComparedSide {
  readonly profile: ProfileSummary | undefined
  readonly error: Error | null
}

/** The profiles behind two ids: of profiles, or of captures. */
export function useSides(
  a: string,
  b: string,
  isCaptures: boolean,
): readonly [ComparedSide, ComparedSide] {
  const captures = [useCaptureOf(a, isCaptures), useCaptureOf(b, isCaptures)] as const
  const kind = commonKind(captures[0], captures[1])
  return [useSide(a, captures[0], kind), useSide(b, captures[1], kind)]
}

/** The capture of this id, once it is loaded; `null` where ids are of profiles. */
function useCaptureOf(id: string, isCapture: boolean): CaptureSummary | null | undefined {
  const { data } = useQuery({ ...captureQuery(id), enabled: isCapture })
  return isCapture ? data : null
}

const KINDS = ['cpu', 'heap', 'allocs', 'goroutine', 'mutex', 'block'] as const

function commonKind(...captures: readonly (CaptureSummary | null | undefined)[]): string {
  const has = (kind: string) =>
    captures.every((capture) =>
      capture?.parts.some((part) => part.kind === kind && part.profileId !== null),
    )
  return KINDS.find(has) ?? KINDS[0]
}

function useSide(id: string, capture: CaptureSummary | null | undefined, kind: string) {
  const part = capture?.parts.find((one) => one.kind === kind)
  const profileId = capture === null ? id : (part?.profileId ?? '')
  const { data, error } = useQuery({ ...profileQuery(profileId), enabled: profileId !== '' })
  return { profile: data, error }
}

/** Loads both profiles into one worker. */
export function useCompareClient(before: string, after: string) {
  const key = `${before} ${after}`
  const [opened, setOpened] = useState<{
    readonly key: string
    readonly client: ViewClient | null
    readonly error: Error | null
  }>({ key: '', client: null, error: null })
  useEffect(() => {
    if (before === '' || after === '') return undefined
    const stop = new AbortController()
    let client: ViewClient | null = null
    const load = (id: string) => () =>
      fetchBytes(columnsApiPath({ kind: 'profile', id }), stop.signal)
    const open = async () => {
      try {
        client = await openViewClient(load(after), load(before))
        if (stop.signal.aborted) client.close()
        else setOpened({ key, client, error: null })
      } catch (error) {
        if (stop.signal.aborted) return
        const reason = error instanceof Error ? error : new Error(String(error))
        setOpened({ key, client: null, error: reason })
      }
    }
    void open()
    return () => {
      stop.abort()
      client?.close()
    }
  }, [before, after, key])
  return opened.key === key ? opened : { client: null, error: null }
}
