import type { KeptDrawing, KeptPart } from '../drawing.ts'

/** A kept figure, and what its colours stand for: those of which that is the same can have one bar. */
export interface Scaled {
  readonly drawing: KeptDrawing
  /** Null where they are of no range or of several, or the figure is one that always has its bar. */
  readonly scale: string | null
}

/** Has all parts whose colours stand for the same go from the lowest of their ranges to the highest. */
export function withOneScale(all: readonly KeptDrawing[]): Scaled[] {
  const alike = new Map<string, KeptPart[]>()
  for (const part of all.flatMap(({ parts }) => parts)) {
    const key = meaningOf(part)
    if (key !== null) alike.set(key, [...(alike.get(key) ?? []), part])
  }
  const shared = (part: KeptPart): KeptPart => {
    const others = alike.get(meaningOf(part) ?? '') ?? []
    if (others.length < 2 || !part.look.follows) return part
    const range = {
      low: Math.min(...others.map(({ look }) => look.range.low)),
      high: Math.max(...others.map(({ look }) => look.range.high))
    }
    return { ...part, look: { ...part.look, range, shared: true } }
  }
  return all.map(({ parts, ...rest }) => {
    const [part] = parts
    const isAlone = parts.length === 1 && part!.kind === 'attention-map'
    const scale = isAlone ? meaningOf(part!) : null
    return { drawing: { parts: parts.map(shared), ...rest }, scale }
  })
}

/** Kinds whose bar of colours says what values of a range they stand for. */
const ranged = [
  ...['attention-map', 'distance-matrix', 'head-grid', 'head-map', 'shaded-text', 'token-grid'],
  'weight-map'
]

/** What the colours of a part stand for, and how; null where they are of no range, as those of ranks are not. */
function meaningOf({ kind, data, look }: KeptPart): string | null {
  if (typeof data !== 'object' || data === null || !ranged.includes(kind)) return null
  const { quantity, unit, name, firstHidden, ranks } = data as Readonly<Record<string, unknown>>
  if (typeof ranks === 'number') return null
  const { follows, colorMap, scale, range } = look
  return JSON.stringify([
    ...[kind, quantity, unit, name, firstHidden, colorMap, scale],
    follows ? null : range
  ])
}
