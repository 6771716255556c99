import { queryOptions } from '@tanstack/react-query'
import type {
  CreateTargetBody,
  ListSchedulesReply,
  ListTargetsReply,
  TestTargetReply,
} from '../../api/index.ts'
import { scheduleApiPath, schedulesApiPath, targetApiPath, targetsApiPath } from '../paths.ts'
import { callServer, sendToServer } from './call-server.ts'

export const TARGETS_KEY = ['targets']
export const SCHEDULES_KEY = ['schedules']
const POLL_MS = 3000

export function targetsQuery() {
  return queryOptions({
    queryKey: TARGETS_KEY,
    queryFn: ({ signal }) =>
      callServer<ListTargetsReply>(`${targetsApiPath}?limit=500`, { signal }),
    refetchInterval: POLL_MS,
  })
}

export function schedulesQuery() {
  return queryOptions({
    queryKey: SCHEDULES_KEY,
    queryFn: ({ signal }) =>
      callServer<ListSchedulesReply>(`${schedulesApiPath}?limit=500`, { signal }),
    refetchInterval: POLL_MS,
  })
}

export function createTarget(body: CreateTargetBody): Promise<void> {
  return sendToServer(targetsApiPath, { method: 'POST', body })
}

export function deleteTarget(name: string): Promise<void> {
  return sendToServer(targetApiPath(name), { method: 'DELETE' })
}

/** Whether it is captured by schedule and on alert. */
export function pauseTarget(name: string, isPaused: boolean): Promise<void> {
  return sendToServer(targetApiPath(name, isPaused ? 'pause' : 'resume'), { method: 'POST' })
}

export function pauseSchedule(name: string, isPaused: boolean): Promise<void> {
  return sendToServer(scheduleApiPath(name, isPaused ? 'pause' : 'resume'), { method: 'POST' })
}

/** Tests which profiles the processes of a target serve, and with which rights. */
export function testTarget(name: string): Promise<TestTargetReply> {
  return callServer<TestTargetReply>(targetApiPath(name, 'test'), { method: 'POST' })
}
