import { z } from 'zod'

/** Params as they come in, as a JSON Schema; what that cannot say may be anything. */
export function paramsSchema(params: z.ZodType): z.core.JSONSchema.JSONSchema {
  return z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' })
}
