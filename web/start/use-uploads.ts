import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import type { UploadReply } from '../../api/index.ts'
import { uploadProfile } from '../requests/upload-profile.ts'

/** A file on its way to the server, or refused by it. Those that arrived are in the list of profiles. */
export interface Upload {
  readonly id: number
  readonly name: string
  /** 0 to 1. */
  readonly sentShare: number
  /** Why it was refused; `null` while it is on its way. */
  readonly failure: string | null
}

export interface NamedBlob {
  readonly name: string
  readonly blob: Blob
}

export interface Uploads {
  readonly items: readonly Upload[]
  /** Sends the files one after the other, and opens the first that arrives when `opensFirst` or it is the only one. */
  readonly send: (files: readonly NamedBlob[], opensFirst?: boolean) => Promise<void>
  readonly dismiss: (id: number) => void
}

let nextId = 1

export function useUploads(): Uploads {
  const [items, setItems] = useState<readonly Upload[]>([])
  const navigate = useNavigate()
  const queryClient = useQueryClient()

  const dismiss = useCallback((id: number) => {
    setItems((all) => all.filter((item) => item.id !== id))
  }, [])

  const sendOne = useCallback(
    async ({ name, blob }: NamedBlob): Promise<UploadReply | null> => {
      const id = nextId++
      setItems((all) => [...all, { id, name, sentShare: 0, failure: null }])
      const change = (changes: Partial<Upload>) =>
        setItems((all) => all.map((item) => (item.id === id ? { ...item, ...changes } : item)))
      try {
        const reply = await uploadProfile(blob, name, {
          onProgress: (sentShare) => change({ sentShare }),
        })
        dismiss(id)
        return reply
      } catch (error) {
        change({ failure: error instanceof Error ? error.message : String(error) })
        return null
      }
    },
    [dismiss],
  )

  const send = useCallback(
    async (files: readonly NamedBlob[], opensFirst = files.length === 1) => {
      let first: UploadReply | null = null
      for (const file of files) {
        const reply = await sendOne(file)
        first = first ?? reply
      }
      void queryClient.invalidateQueries({ queryKey: ['profiles'] })
      if (first !== null && opensFirst) {
        await navigate({ to: '/profiles/$id', params: { id: first.profile.id } })
      }
    },
    [navigate, queryClient, sendOne],
  )

  return { items, send, dismiss }
}
