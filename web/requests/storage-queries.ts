import { queryOptions } from '@tanstack/react-query'
import type { StorageReply } from '../../api/index.ts'
import { storageApiPath } from '../paths.ts'
import { callServer } from './call-server.ts'

/** What stored profiles take. It counts all of them, so it is not asked for often. */
export function storageQuery() {
  return queryOptions({
    queryKey: ['storage'],
    queryFn: ({ signal }) => callServer<StorageReply>(storageApiPath, { signal }),
    staleTime: 5 * 60_000,
  })
}
