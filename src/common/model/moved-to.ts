import type { ModelMove, ModelRef } from './model-ref.ts'

/** Plain JSON in which a model lies elsewhere: references to it, its path alone, and what is kept by its path. */
export function movedTo<T>(value: T, from: ModelRef, to: ModelRef): T {
  const move = (value: unknown): unknown => {
    if (value === from.path) return to.path
    if (Array.isArray(value)) return value.map(move)
    if (typeof value !== 'object' || value === null) return value
    const moved = Object.fromEntries(
      Object.entries(value).map(([key, own]) => [key === from.path ? to.path : key, move(own)])
    )
    const isIt = 'fingerprint' in value && value.fingerprint === from.fingerprint
    return isIt && moved.path === to.path ? { ...moved, fingerprint: to.fingerprint } : moved
  }
  return move(value) as T
}

/** The same where models lie elsewhere, one after the other. */
export function movedBy<T>(value: T, moves: readonly ModelMove[]): T {
  return moves.reduce((own, { from, to }) => movedTo(own, from, to), value)
}
