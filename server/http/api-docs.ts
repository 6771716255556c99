import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { App } from './app.ts'

/** The OpenAPI description, made from the routes' schemas, and a page to read it. Register before the routes. */
export async function apiDocs(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'kubeprof',
        version,
        description: 'Upload Go pprof profiles of a Kubernetes control plane; read what is wrong.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      },
    },
  })
  app.get('/api/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, () =>
    app.swagger(),
  )
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = Object.assign({}, route.config, { access: 'public' })
    })
    await scope.register(swaggerUi, { routePrefix: '/api/docs', logLevel: 'warn' })
  })
}
