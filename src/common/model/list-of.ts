import { z } from 'zod'

type Issue = z.core.$ZodRawIssue

/**
 * A list of strangers, looked at item by item up to its first fault: where all of millions are wrong, zod makes a fault of
 * each, which takes gigabytes.
 */
export function listOf<T extends z.ZodType>(item: T, most: number) {
  return z
    .array(z.unknown())
    .max(most)
    .transform((list, context) => {
      const items: z.output<T>[] = []
      for (const [i, value] of list.entries()) {
        const result = item.safeParse(value, { reportInput: true })
        if (!result.success) {
          const [fault] = result.error.issues
          context.issues.push({ ...fault!, path: [i, ...fault!.path] } as Issue)
          return z.NEVER
        }
        items.push(result.data)
      }
      return items
    })
}

/** An object of strangers with no more keys than that, for the same reason. */
export function keysUpTo(most: number) {
  return z.custom<Record<string, unknown>>(
    value =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.keys(value).length <= most,
    `expected an object with at most ${most} keys`
  )
}
