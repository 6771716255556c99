import { isBundleName } from '../../api/profiles/bundle-name.ts'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import {
  judgeLocally,
  judgeTogether,
  keepCaptureLocally,
  keepLocally,
  sumUpTrace,
} from '../local-profiles/local-profiles.ts'
import { planUpload } from './plan-upload.ts'
import { type NamedBlob, sendFiles, type Upload } from './send-files.ts'
import type { Uploads } from './use-uploads.ts'

/** The same as `useUploads`, but the files are read in this browser and stay there. */
export function useLocalUploads(): Uploads {
  const [items, change] = useState<readonly Upload[]>([])
  const navigate = useNavigate()

  const dismiss = useCallback((id: number) => {
    change((all) => all.filter((item) => item.id !== id))
  }, [])

  const send = useCallback(
    async (files: readonly NamedBlob[], opensFirst = files.length === 1) => {
      const kept = await sendFiles(files, { change, upload: openAlone })
      if (kept === null) return
      const { to, id } = kept
      await navigate(opensFirst ? { to, params: { id } } : { to: '/local' })
    },
    [navigate],
  )

  const sendCapture = useCallback(
    async (sent: readonly File[]) => {
      const files = (await Promise.all(sent.map(unpack))).flat()
      if (files.length === 1 || isOfSeveral(files)) {
        await send(files.map((file) => ({ name: file.name, blob: file })))
        return
      }
      const whole = { name: sent.map(({ name }) => name).join(', '), blob: new Blob() }
      const upload = async () => keepCaptureLocally(await judgeTogether(files), files)
      const id = await sendFiles([whole], { change, upload })
      if (id !== null) await navigate({ to: '/local/captures/$id', params: { id } })
    },
    [navigate, send],
  )

  return useMemo(() => ({ items, send, sendCapture, dismiss }), [items, send, sendCapture, dismiss])
}

/** Reads a profile, or what is none as an execution trace. Throws why it is no profile. */
async function openAlone({ name, blob }: NamedBlob) {
  try {
    return { to: '/local/$id', id: keepLocally(await judgeLocally(name, blob)) } as const
  } catch (error) {
    const id = await openTrace(name, blob).catch(() => null)
    if (id === null) throw error
    return { to: '/local/captures/$id', id } as const
  }
}

/** By this name a trace of a capture is known. */
const TRACE_NAME = 'trace.out'

/** An execution trace alone is a capture without profiles. Throws where the file is none. */
async function openTrace(name: string, blob: Blob): Promise<string> {
  const file = new File([blob], TRACE_NAME)
  await sumUpTrace(file)
  const judged = await judgeTogether([file])
  const parts = judged.summary.parts.map((part) => ({ ...part, fileName: name }))
  return keepCaptureLocally({ ...judged, summary: { ...judged.summary, parts } }, [
    new File([blob], name),
  ])
}

/** Whether files out of a bundle are of several processes, which are judged each by itself. */
function isOfSeveral(files: readonly File[]): boolean {
  return planUpload(files.map(({ name }) => name)) === 'profiles'
}

/** The files of a bundle. One that cannot be unpacked is read as it is: the answer says what is wrong with it. */
async function unpack(file: File): Promise<readonly File[]> {
  if (!isBundleName(file.name)) return [file]
  try {
    const { filesOfTar } = await import('./files-of-tar.ts')
    return await filesOfTar(file)
  } catch {
    return [file]
  }
}
