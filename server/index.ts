export { buildServer } from './build-server.ts'
export { isLoopback } from './http/host-check.ts'
export { ServerOptions } from './options.ts'
export type { ServerNeeds } from './http/server-needs.ts'
