import { useQuery } from '@tanstack/react-query'
import { isServerReachable } from '../requests/reach-server.ts'
import { useTexts } from '../texts/texts-context.ts'
import classes from './ServerNotice.module.css'

const ASKS_EVERY_MS = 5000

/** A line across the page while the server does not answer, because what is shown may then be old. */
export function ServerNotice() {
  const texts = useTexts()
  const { data: isReachable } = useQuery({
    queryKey: ['reachable'],
    queryFn: ({ signal }) => isServerReachable(signal),
    refetchInterval: ASKS_EVERY_MS,
    retry: false,
    networkMode: 'always',
  })
  return (
    <div role="status">
      {isReachable === false && <p className={classes['notice']}>{texts.serverLost}</p>}
    </div>
  )
}
