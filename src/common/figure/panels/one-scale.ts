import type { KeptDrawing, KeptPart } from '../drawing.ts'

/** Has all parts whose colours stand for the same go from the lowest of their ranges to the highest. */
export function withOneScale(all: readonly KeptDrawing[]): KeptDrawing[] {
  const alike = new Map<string, KeptPart[]>()
  for (const part of all.flatMap(({ parts }) => parts)) {
    const key = meaningOf(part)
    if (key !== null) alike.set(key, [...(alike.get(key) ?? []), part])
  }
  const shared = (part: KeptPart): KeptPart => {
    const others = alike.get(meaningOf(part) ?? '') ?? []
    if (others.length < 2) return part
    const range = {
      low: Math.min(...others.map(({ look }) => look.range.low)),
      high: Math.max(...others.map(({ look }) => look.range.high))
    }
    return { ...part, look: { ...part.look, range, shared: true } }
  }
  return all.map(({ parts, names }) => ({ parts: parts.map(shared), names }))
}

/** What the colours of a part stand for, and how; null where they are not of a range, or of one that is fixed. */
function meaningOf({ kind, data, look: { follows, colorMap, scale } }: KeptPart): string | null {
  if (!follows || typeof data !== 'object' || data === null) return null
  const { quantity, unit, name, firstHidden } = data as Readonly<Record<string, unknown>>
  if (!['attention-map', 'head-map', 'distance-matrix'].includes(kind)) return null
  return JSON.stringify([kind, quantity, unit, name, firstHidden, colorMap, scale])
}
