import type { WorkerOptions } from 'bullmq'
import { AppError } from '../api/index.ts'

/** What of BullMQ's `Queue` is used. */
export interface Producer {
  add(name: string, data: Notification, options: { readonly jobId: string }): Promise<unknown>
  count(): Promise<number>
  close(): Promise<void>
}

/** What of BullMQ's `Worker` is used. */
export interface Consumer {
  /** `isForced` does not wait for running jobs. */
  close(isForced?: boolean): Promise<void>
}

export interface Notification {
  readonly analysisId: string
}

export type ConsumerOptions = Omit<WorkerOptions, 'connection'>

/** Runs one command with the producer, which is replaced when the command fails. */
export type WithProducer = <Result>(use: (producer: Producer) => Promise<Result>) => Promise<Result>

/** Where BullMQ keeps notifications. */
export interface BullmqServer {
  /** `Redis` or `Postgres`, for messages. */
  readonly label: string
  /** Whether it is known not to answer. A producer that is made then may never add anything. */
  readonly isAway: () => boolean
  /** Makes it ready for producers, once it answers. Throws when it does not. */
  readonly prepare: () => Promise<void>
  readonly makeProducer: () => Producer
  /** Handles notifications also when the server is away at first or for a while. */
  readonly makeConsumer: (
    handle: (notification: Notification) => Promise<void>,
    options: ConsumerOptions,
  ) => Consumer
  /** Throws QUEUE_UNAVAILABLE when it does not answer, or may lose what it is given. */
  readonly check: (withProducer: WithProducer) => Promise<void>
  readonly close: () => void
}

export function unavailable(message: string, cause?: unknown): AppError {
  return new AppError('QUEUE_UNAVAILABLE', { message, cause })
}

export function ignore(): void {}
