import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import { uploadProfile } from '../requests/upload-profile.ts'
import { type NamedBlob, sendFiles, type Upload } from './send-files.ts'

export interface Uploads {
  readonly items: readonly Upload[]
  /**
   * Sends the files one after the other. Opens the first stored one when `opensFirst` is set or it
   * is the only one.
   */
  readonly send: (files: readonly NamedBlob[], opensFirst?: boolean) => Promise<void>
  readonly dismiss: (id: number) => void
}

export function useUploads(): Uploads {
  const [items, change] = useState<readonly Upload[]>([])
  const navigate = useNavigate()
  const queryClient = useQueryClient()

  const dismiss = useCallback((id: number) => {
    change((all) => all.filter((item) => item.id !== id))
  }, [])

  const send = useCallback(
    async (files: readonly NamedBlob[], opensFirst = files.length === 1) => {
      const first = await sendFiles(files, { change, upload })
      void queryClient.invalidateQueries({ queryKey: ['profiles'] })
      if (first !== null && opensFirst) {
        await navigate({ to: '/profiles/$id', params: { id: first.profile.id } })
      }
    },
    [navigate, queryClient],
  )

  return { items, send, dismiss }
}

function upload({ blob, name, type = null }: NamedBlob, onProgress: (share: number) => void) {
  return uploadProfile(blob, name, { type, onProgress })
}
