import { axis, dataset, type Dataset } from '../../data/dataset.ts'
import { atlasScore, type AtlasScore } from './atlas-scores.ts'
import { findingsOf } from './findings.ts'
import { layersAlong, repeatKinds, reportedHeads, type ReportedScore } from './reported-heads.ts'

/** Every score of every head. */
export interface HeadAtlas {
  readonly layers: readonly number[]
  /** Of a layer. */
  readonly nHeads: number
  readonly scores: readonly AtlasScore[]
  /** Layer by layer. */
  readonly heads: readonly AtlasHead[]
  /** Windows that were read. */
  readonly windows: number
  /** Its numbers are those of one atlas less those of another. */
  readonly isDifference?: true
}

export interface AtlasHead {
  readonly layer: number
  readonly head: number
  /** How far back, the present token apart, the most attention goes on average; NaN where nothing is that far. */
  readonly bestOffset: { readonly offset: number; readonly value: number }
  /** By their names. */
  readonly scores: Readonly<Record<string, ReportedScore>>
  /** Mean weight on the token so far back, [offset]. */
  readonly curve: Float64Array
  /** The same of uniform attention; null where it is not known what a query sees. */
  readonly uniformCurve: Float64Array | null
}

/**
 * What `head-statistics` came to, and beside it what heads do on random tokens.
 * @param repeats what `random-repeat` did, of all layers; null where it could not run
 */
export function headAtlas(result: Dataset, repeats: Dataset | null): HeadAtlas {
  const layers = layersAlong(result)
  const nHeads = result.axes['head']!.length
  const size = result.axes['offset']!.length
  const part = (name: string, row: number) =>
    Float64Array.from(result.variables[name]!.data.subarray(row * size, (row + 1) * size))
  const hasBaseline = 'baseline.offset' in result.variables
  const heads = reportedHeads(result, repeats).map(
    ({ layer, head, best_offset, scores, random_repeat }, i): AtlasHead => ({
      ...{ layer, head, bestOffset: best_offset },
      scores: {
        ...scores,
        ...(random_repeat !== null &&
          Object.fromEntries(
            repeatKinds.map(kind => [`random_${kind}`, onRandomTokens(random_repeat[kind])])
          ))
      },
      curve: part('offset', i),
      uniformCurve: hasBaseline ? part('baseline.offset', Math.floor(i / nHeads)) : null
    })
  )
  return {
    ...{ layers, nHeads, heads },
    scores: Object.keys(heads[0]?.scores ?? {}).map(atlasScore),
    windows: Number(result.attributes['windows'] ?? NaN)
  }
}

/** Of random tokens there is one number a head, and nothing to be sure of it by. */
function onRandomTokens(value: number): ReportedScore {
  return { value, baseline: NaN, spread: NaN, low: NaN, high: NaN, p: NaN, windows: NaN }
}

const facts = {
  value: 'mean over windows',
  baseline: 'the same of attention spread alike over what the layer sees',
  spread: 'standard deviation over windows',
  low: 'lower end of the interval of 95 %',
  high: 'upper end of the interval of 95 %',
  p: 'that any head is as far above its baseline by chance',
  windows: 'windows that have such a number'
} as const satisfies Readonly<Record<keyof ReportedScore, string>>

/**
 * An atlas as arrays, whose table has a row for each score of each head; findings are among its attributes.
 * @param result what it was made of
 */
export function atlasDataset(atlas: HeadAtlas, result: Dataset): Dataset {
  const { layers, nHeads, scores, heads } = atlas
  const each = (of: (score: ReportedScore) => number) =>
    Float64Array.from(scores.flatMap(({ name }) => heads.map(({ scores }) => of(scores[name]!))))
  const perHead = (name: string, about: string, of: (head: AtlasHead) => number) => ({
    [name]: { axes: ['layer', 'head'], unit: '', about, data: Float64Array.from(heads, of) }
  })
  const { offset, ...kept } = result.variables
  const uniform = kept['baseline.offset']
  const isAll = layers.every((layer, row) => layer === row)
  const findings = findingsOf(result, null).map(
    ({ layer, head, score, text, holds, found, tested }) => ({
      ...{ layer, head, score, text, holds },
      found: { ...found },
      tested: { ...tested }
    })
  )
  return dataset(
    {
      score: axis(scores.map(({ name }) => name)),
      layer: isAll ? axis(layers.length) : axis(layers.map(String)),
      head: axis(nHeads),
      offset: result.axes['offset']!
    },
    {
      ...Object.fromEntries(
        Object.entries(facts).map(([name, about]) => [
          name,
          {
            ...{ axes: ['score', 'layer', 'head'], unit: '', about },
            data: each(score => score[name as keyof ReportedScore])
          }
        ])
      ),
      ...perHead(
        'best_offset',
        'how far back the most attention goes',
        ({ bestOffset }) => bestOffset.offset
      ),
      ...perHead('best_offset_value', 'how much goes there', ({ bestOffset }) => bestOffset.value),
      offset: offset!,
      ...(uniform && { 'baseline.offset': uniform })
    },
    { ...result.attributes, findings }
  )
}
