import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { judgeLocally, keepLocally } from '../local-profiles/local-profiles.ts'
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
      const upload = async ({ name, blob }: NamedBlob) =>
        keepLocally(await judgeLocally(name, blob))
      const id = await sendFiles(files, { change, upload })
      if (id === null) return
      await navigate(opensFirst ? { to: '/local/$id', params: { id } } : { to: '/local' })
    },
    [navigate],
  )

  const sendCapture = useCallback(
    async (files: readonly File[]) => {
      const unpacked = (await Promise.all(files.map(unpack))).flat()
      await send(
        unpacked.map((file) => ({ name: file.name, blob: file })),
        false,
      )
    },
    [send],
  )

  return useMemo(() => ({ items, send, sendCapture, dismiss }), [items, send, sendCapture, dismiss])
}

/** The profiles of a bundle. One that cannot be unpacked is read as it is: the answer says what is wrong with it. */
async function unpack(file: File): Promise<readonly File[]> {
  const { filesOfTar, isTar } = await import('./files-of-tar.ts')
  if (!isTar(file.name)) return [file]
  try {
    const files = await filesOfTar(file)
    return files.filter(({ name }) => !NO_PROFILE.test(name))
  } catch {
    return [file]
  }
}

/** What a bundle has beside profiles. */
const NO_PROFILE = /(\.json|\.log|^metrics.*)$/i
