import type { z } from 'zod'

/**
 * Where in a value that broke its schema the first fault lies and what it is, such as `model.nHeads: expected …`; with
 * the number that stands there where the schema was told to report it.
 */
export function firstFault(error: z.core.$ZodError): string {
  const [issue] = error.issues
  if (issue === undefined) return error.message
  const { path, message, input } = innermost(issue)
  const fault = typeof input === 'number' ? `${expected(message)}, got ${input}` : message
  return path.length === 0 ? fault : `${path.map(String).join('.')}: ${fault}`
}

/** Of a value that fits none of several forms, the fault of the form that it comes closest to. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue
  const inner = issue.errors
    .flatMap(([first]) => (first === undefined ? [] : [innermost(first)]))
    .sort((a, b) => b.path.length - a.path.length)[0]
  if (inner === undefined || inner.path.length === 0) return inner ?? issue
  return { ...inner, path: [...issue.path, ...inner.path] }
}

/** A message without the kind of what was received. */
function expected(message: string): string {
  return message.replace(/^Invalid input: /, '').replace(/, received \S+$/, '')
}
