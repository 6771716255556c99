import { useQuery } from '@tanstack/react-query'
import { reachableQuery } from '../requests/reach-server.ts'
import { useTexts } from '../texts/texts-context.ts'
import classes from './ServerNotice.module.css'

/** A line across the page while the server does not answer, because what is shown may then be old. */
export function ServerNotice() {
  const texts = useTexts()
  const { data: isReachable } = useQuery(reachableQuery())
  return (
    <div role="status">
      {isReachable === false && <p className={classes['notice']}>{texts.serverLost}</p>}
    </div>
  )
}
