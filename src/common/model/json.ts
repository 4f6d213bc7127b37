import { z } from 'zod'

type JSONType = z.core.util.JSONType

/** What JSON can say; looked at as it is, for `z.json()` tries every kind on every value. */
export const Json = z.custom<JSONType>(isJson, 'expected what JSON can say')

function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (Array.isArray(value)) return value.every(isJson)
  return isPlain(value) && Object.values(value).every(isJson)
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
