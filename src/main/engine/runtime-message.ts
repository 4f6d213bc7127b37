/**
 * What the runtime complains of, in one line: its own words begin with a path of its source and the condition
 * that does not hold there.
 */
export function runtimeMessage(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error)
  const [, reason = words] = /^.* was false\.(.*)$/s.exec(words) ?? []
  return reason.replace(/\s+/g, ' ').trim() || words
}
