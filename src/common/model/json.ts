import { z } from 'zod'

type JSONType = z.core.util.JSONType

/** Deeper than anything that is kept; what were deeper by far could not be looked at, nor sent. */
export const deepest = 500

/** What JSON can say and a message can hold, in which no key is `__proto__`; looked at as it is, for `z.json()` tries every kind on every value. */
export const Json = z.custom<JSONType>(
  value => isJson(value, deepest),
  `expected what JSON can say, nested at most ${deepest} deep, with no key __proto__`
)

/** @param depth how many lists and objects may lie in one another */
function isJson(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (depth === 0) return false
  const isWithin = (member: unknown) => isJson(member, depth - 1)
  if (Array.isArray(value)) return value.every(isWithin)
  return (
    isPlain(value) && !Object.hasOwn(value, '__proto__') && Object.values(value).every(isWithin)
  )
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
