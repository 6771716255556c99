import { AjvCompiler } from '@fastify/ajv-compiler'
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifyInstance } from 'fastify'

type ValidatorCompiler = Parameters<FastifyInstance['setValidatorCompiler']>[0]
type SerializerCompiler = Parameters<FastifyInstance['setSerializerCompiler']>[0]
type Validate = ReturnType<ValidatorCompiler>
type Serialize = ReturnType<SerializerCompiler>

const VALIDATION = { removeAdditional: false, allErrors: false } as const

/**
 * Fastify's own compilers of schemas, called when a route is first used: compiling those of all routes takes as long as
 * everything else that a server does to start. Parameters are text, so theirs turn text into numbers; JSON has types of
 * its own, and `null` or `false` stand for no number or text.
 */
export function compileSchemasLate(app: {
  readonly setValidatorCompiler: (compiler: ValidatorCompiler) => unknown
  readonly setSerializerCompiler: (compiler: SerializerCompiler) => unknown
}): void {
  const compileText = AjvCompiler()({}, { customOptions: VALIDATION })
  const compileBody = AjvCompiler()({}, { customOptions: { ...VALIDATION, coerceTypes: false } })
  const compileSerializer = SerializerSelector()({}, {})
  app.setValidatorCompiler((route) =>
    lateValidator(() => (route.httpPart === 'body' ? compileBody : compileText)(route)),
  )
  app.setSerializerCompiler((route) =>
    lateSerializer(() => compileSerializer({ ...route, httpStatus: route.httpStatus ?? '' })),
  )
}

/** Fastify reads what was wrong with the last value from the property `errors`. */
function lateValidator(compile: () => Validate): Validate {
  let compiled: Validate | null = null
  const validate: Validate = (data) => {
    compiled ??= compile()
    const result = compiled(data)
    validate.errors = compiled.errors ?? null
    return result
  }
  return validate
}

function lateSerializer(compile: () => Serialize): Serialize {
  let compiled: Serialize | null = null
  return (data) => {
    compiled ??= compile()
    return compiled(data)
  }
}
