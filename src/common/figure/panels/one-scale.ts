import type { KeptDrawing, KeptPart } from '../drawing.ts'
import { colorMeaning } from '../one-bar.ts'

/** A kept figure, and what its colours stand for: those of which that is the same can have one bar. */
export interface ScaledDrawing {
  readonly drawing: KeptDrawing
  /** Null where they are of no range or of several, or the figure is one that always has its bar. */
  readonly meaning: string | null
}

/** Has all parts whose colours stand for the same go from the lowest of their ranges to the highest. */
export function withOneScale(all: readonly KeptDrawing[]): ScaledDrawing[] {
  const alike = new Map<string, KeptPart[]>()
  for (const part of all.flatMap(({ parts }) => parts)) {
    const key = colorMeaning(part)
    if (key !== null) alike.set(key, [...(alike.get(key) ?? []), part])
  }
  const shared = (part: KeptPart): KeptPart => {
    const others = alike.get(colorMeaning(part) ?? '') ?? []
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
    const meaning = isAlone ? colorMeaning(part!) : null
    return { drawing: { parts: parts.map(shared), ...rest }, meaning }
  })
}
