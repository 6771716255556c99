import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { isLocalPage, isSharedPage } from '../paths.ts'
import { sessionQuery } from '../requests/session-queries.ts'
import { SignInForm } from './SignInForm.tsx'

/** Asks for a token when the server requires one. A shared link has its own, and local pages need no server. */
export function SessionGate(props: { readonly children: ReactNode }) {
  const pathname = useLocation({ select: (location) => location.pathname })
  return isLocalPage(pathname) ? props.children : <ServerGate {...props} />
}

function ServerGate(props: { readonly children: ReactNode }) {
  const pathname = useLocation({ select: (location) => location.pathname })
  const { data: session } = useQuery(sessionQuery())
  const isShared = isSharedPage(pathname)
  const isStranger = session !== undefined && session.role === null
  return isStranger && !isShared ? <SignInForm /> : props.children
}
