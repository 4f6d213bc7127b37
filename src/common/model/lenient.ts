import { z } from 'zod'

/** A value that takes its default when what was saved does not parse. */
export function or<T extends z.ZodType>(schema: T, value: z.output<T>) {
  return schema.catch(value as never)
}

/** An array without the members that do not parse. */
export function those<T extends z.ZodType>(schema: T) {
  return z
    .array(z.unknown())
    .catch([])
    .transform(members =>
      members.flatMap(member => {
        const parsed = schema.safeParse(member)
        return parsed.success ? [parsed.data] : []
      })
    )
}
