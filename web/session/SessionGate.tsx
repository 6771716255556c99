import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { sessionQuery } from '../requests/session-queries.ts'
import { SignInForm } from './SignInForm.tsx'

/** Asks for a token when the server requires one. A shared link has its own. */
export function SessionGate(props: { readonly children: ReactNode }) {
  const { pathname } = useLocation()
  const { data: session } = useQuery(sessionQuery())
  const isShared = pathname.startsWith('/s/')
  const isStranger = session !== undefined && session.role === null
  return isStranger && !isShared ? <SignInForm /> : props.children
}
