import { axis, dataset, type Dataset } from '../../data/dataset.ts'
import { cutAttributesOf } from '../cut-attributes.ts'
import { differenceOf } from '../head-comparison/difference-interval.ts'
import type { AtlasHead, HeadAtlas } from './head-atlas.ts'
import type { ReportedScore } from './reported-heads.ts'

/**
 * What heads do less what those at the same places do in another atlas: of the layers, heads, scores and offsets that both have. A
 * difference has an interval made of both; a spread over windows and a p it has not, since the windows are not pairs.
 */
export function atlasLess(a: HeadAtlas, b: HeadAtlas): HeadAtlas {
  const layers = a.layers.filter(layer => b.layers.includes(layer))
  const nHeads = Math.min(a.nHeads, b.nHeads)
  const scores = a.scores.filter(({ name }) => b.scores.some(other => other.name === name))
  const names = scores.map(({ name }) => name)
  const at = ({ layers, nHeads, heads }: HeadAtlas, layer: number, head: number) =>
    heads[layers.indexOf(layer) * nHeads + head]!
  const heads = layers.flatMap(layer =>
    Array.from({ length: nHeads }, (_, head) =>
      headLess(at(a, layer, head), at(b, layer, head), names)
    )
  )
  return {
    layers,
    nHeads,
    scores,
    heads,
    windows: Math.min(a.windows, b.windows),
    isDifference: true
  }
}

/** What one head does less what another does, wherever the two are: an atlas of the place of the first alone. */
export function headsLess(a: HeadAtlas, own: AtlasHead, b: HeadAtlas, other: AtlasHead): HeadAtlas {
  const { layer } = own
  const alone = (atlas: HeadAtlas, head: AtlasHead) => ({
    ...atlas,
    ...{ layers: [layer], nHeads: 1, heads: [head] }
  })
  return atlasLess(alone(a, own), alone(b, other))
}

function headLess(a: AtlasHead, b: AtlasHead, names: readonly string[]): AtlasHead {
  const curve = curveLess(a.curve, b.curve)
  return {
    ...{ layer: a.layer, head: a.head, curve },
    bestOffset: furthest(curve),
    scores: Object.fromEntries(
      names.map(name => [name, scoreLess(a.scores[name]!, b.scores[name]!)])
    ),
    uniformCurve: a.uniformCurve && b.uniformCurve && curveLess(a.uniformCurve, b.uniformCurve)
  }
}

function scoreLess(a: ReportedScore, b: ReportedScore): ReportedScore {
  return {
    ...differenceOf(a, b),
    baseline: a.baseline - b.baseline,
    windows: Math.min(a.windows, b.windows),
    ...{ spread: NaN, p: NaN }
  }
}

function curveLess(a: Float64Array, b: Float64Array): Float64Array {
  return Float64Array.from({ length: Math.min(a.length, b.length) }, (_, i) => a[i]! - b[i]!)
}

/** Where, the present token apart, a curve is furthest from zero. */
function furthest(curve: Float64Array): AtlasHead['bestOffset'] {
  let best = { offset: NaN, value: NaN }
  for (let offset = 1; offset < curve.length; offset++) {
    const value = curve[offset]!
    if (Number.isNaN(value)) continue
    if (Number.isNaN(best.value) || Math.abs(value) > Math.abs(best.value)) best = { offset, value }
  }
  return best
}

/**
 * An atlas of differences as arrays: value, interval and baseline by score, layer and head, and curves by offset; and how what each side
 * is of was cut.
 * @param of what both atlases were made of
 */
export function atlasLessDataset(
  { layers, nHeads, scores, heads }: HeadAtlas,
  [result, less]: readonly [of: Dataset, less: Dataset]
): Dataset {
  const each = (about: string, of: (score: ReportedScore) => number) => ({
    axes: ['score', 'layer', 'head'],
    unit: '',
    about,
    data: Float64Array.from(
      scores.flatMap(({ name }) => heads.map(({ scores }) => of(scores[name]!)))
    )
  })
  const offsets = heads[0]?.curve.length ?? 0
  return dataset(
    {
      score: axis(scores.map(({ name }) => name)),
      layer: axis(layers.map(String)),
      head: axis(heads.slice(0, nHeads).map(({ head }) => String(head))),
      offset: axis(offsets)
    },
    {
      difference: each('the first less the second', ({ value }) => value),
      low: each('lower end of the interval of 95 %, made of both', ({ low }) => low),
      high: each('upper end of the interval of 95 %, made of both', ({ high }) => high),
      baseline: each('the same difference of uniform attention', ({ baseline }) => baseline),
      offset: {
        axes: ['layer', 'head', 'offset'],
        unit: '',
        about: 'difference of the mean weight on the token so far back',
        data: Float64Array.from(heads.flatMap(({ curve }) => [...curve]))
      }
    },
    { ...cutAttributesOf(result), less: cutAttributesOf(less) }
  )
}
