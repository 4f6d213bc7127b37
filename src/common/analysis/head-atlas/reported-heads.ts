import { type Dataset, variable } from '../../data/dataset.ts'

/** A score of a head, and how sure it is; NaN where there is none. */
export interface ReportedScore {
  readonly value: number
  readonly baseline: number
  readonly spread: number
  readonly low: number
  readonly high: number
  readonly p: number
  readonly windows: number
}

export interface ReportedHead {
  readonly layer: number
  readonly head: number
  readonly best_offset: { readonly offset: number; readonly value: number }
  readonly scores: Readonly<Record<string, ReportedScore>>
  /** On random tokens that come twice, where nothing but the repetition tells what comes next; null where that could not run. */
  readonly random_repeat: Readonly<Record<(typeof repeatKinds)[number], number>> | null
}

export const repeatKinds = ['previous', 'duplicate', 'induction'] as const

/**
 * What `head-statistics` came to, head by head.
 * @param repeats what `random-repeat` did, of all layers; null where it could not run
 */
export function reportedHeads(result: Dataset, repeats: Dataset | null): ReportedHead[] {
  const names = result.axes['score']!.labels!
  const layers = layersAlong(result)
  const nHeads = result.axes['head']!.length
  const heads = layers.length * nHeads
  const of = (name: string, at: number) => result.variables[name]?.data[at] ?? NaN
  return Array.from({ length: heads }, (_, i) => {
    const place = Math.floor(i / nHeads)
    const scoreOf = (score: number): ReportedScore => {
      const at = score * heads + i
      return {
        value: of('value', at),
        baseline: of('baseline', score * layers.length + place),
        spread: of('spread', at),
        low: of('low', at),
        high: of('high', at),
        p: of('p', at),
        windows: of('windows', score)
      }
    }
    return {
      layer: layers[place]!,
      head: i % nHeads,
      best_offset: { offset: of('best_offset', i), value: of('best_offset_value', i) },
      scores: Object.fromEntries(names.map((name, score) => [name, scoreOf(score)])),
      random_repeat:
        repeats &&
        (Object.fromEntries(
          repeatKinds.map(kind => [
            kind,
            variable(repeats, kind).data[layers[place]! * nHeads + (i % nHeads)]!
          ])
        ) as ReportedHead['random_repeat'])
    }
  })
}

/** The layers along the axis: their labels, where it has some. */
export function layersAlong({ axes }: Dataset): number[] {
  const { length, labels } = axes['layer']!
  return labels === null ? Array.from({ length }, (_, layer) => layer) : labels.map(Number)
}
