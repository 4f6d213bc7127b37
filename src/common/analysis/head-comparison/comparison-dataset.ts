import { axis, dataset, type Dataset } from '../../data/dataset.ts'
import type { ReportedScore } from '../head-atlas/reported-heads.ts'
import { comparisonWords, partLines } from './comparison-words.ts'
import type { ComparedMean, MeanOfModel } from './compared-means.ts'
import { depthOf } from './compared-model.ts'
import type { HeadComparison } from './head-comparison.ts'
import { headKinds, kindsByLayer, type KindOfModel } from './head-kinds.ts'

/**
 * A comparison as arrays, whose table has a row for each score of each head of both models; what it comes to in words is
 * among its attributes.
 */
export function comparisonDataset(comparison: HeadComparison): Dataset {
  const { sides, rule, kinds, means, notes } = comparison
  const heads = sides.flatMap(side => side.atlas.heads.map(head => ({ side, head })))
  const scores = [...new Set(sides.flatMap(({ atlas }) => atlas.scores.map(({ name }) => name)))]
  const place = (about: string, of: (own: (typeof heads)[number]) => number) => ({
    ...{ axes: ['head'], unit: '', about },
    data: Float64Array.from(heads, of)
  })
  const perHead = (
    about: string,
    of: (score: ReportedScore | undefined) => number | undefined
  ) => ({
    ...{ axes: ['score', 'head'], unit: '', about },
    data: Float64Array.from(
      scores.flatMap(name => heads.map(({ head }) => of(head.scores[name]) ?? NaN))
    )
  })
  const perMean = (about: string, of: (side: MeanOfModel) => number) => ({
    ...{ axes: ['model', 'mean'], unit: '', about },
    data: Float64Array.from(sides.flatMap((_, i) => means.map(({ sides }) => of(sides[i]!))))
  })
  const difference = (about: string, of: (mean: ComparedMean) => number) => ({
    ...{ axes: ['mean'], unit: '', about },
    data: Float64Array.from(means, of)
  })
  const perKind = (about: string, of: (side: KindOfModel) => number) => ({
    ...{ axes: ['model', 'kind'], unit: '', about },
    data: Float64Array.from(sides.flatMap((_, i) => kinds.map(({ sides }) => of(sides[i]!))))
  })
  const layers = rule === null ? [] : sides.flatMap(side => kindsByLayer(side, rule))
  const names = sides.map(({ name }) => name)
  return dataset(
    {
      model: axis(names),
      score: axis(scores),
      head: axis(heads.map(({ side, head }) => `${side.name} ${head.layer}.${head.head}`)),
      mean: axis(means.map(({ name }) => name)),
      kind: axis(kinds.map(({ score }) => score)),
      layer: axis(
        rule === null
          ? []
          : sides.flatMap(({ name, atlas }) => atlas.layers.map(layer => `${name} ${layer}`))
      ),
      layer_kind: axis(headKinds)
    },
    {
      value: perHead('mean over windows', score => score?.value),
      baseline: perHead('the same of attention spread alike', score => score?.baseline),
      spread: perHead('standard deviation over windows', score => score?.spread),
      low: perHead('lower end of the interval of 95 %', score => score?.low),
      high: perHead('upper end of the interval of 95 %', score => score?.high),
      p: perHead('that any head is as far above by chance', score => score?.p),
      windows: perHead('windows that have such a number', score => score?.windows),
      'head.model': place('which of the two', ({ side }) => sides.indexOf(side)),
      'head.layer': place('its layer', ({ head }) => head.layer),
      'head.head': place('its place in the layer', ({ head }) => head.head),
      'head.depth': place('layer / (layers − 1)', ({ side, head }) => depthOf(head.layer, side)),
      'mean.value': perMean('mean over heads and windows', side => side.value),
      'mean.low': perMean('lower end of the interval of 95 %', side => side.low),
      'mean.high': perMean('upper end of the interval of 95 %', side => side.high),
      'mean.baseline': perMean('the same of attention spread alike', side => side.baseline),
      'mean.compared': perMean('what is compared', side => side.compared.value),
      'mean.compared_low': perMean('lower end of the interval of 95 %', side => side.compared.low),
      'mean.compared_high': perMean(
        'upper end of the interval of 95 %',
        side => side.compared.high
      ),
      'difference.value': difference(
        'of what is compared, the first less the second',
        mean => mean.difference.value
      ),
      'difference.low': difference(
        'lower end of the interval of 95 %',
        mean => mean.difference.low
      ),
      'difference.high': difference(
        'upper end of the interval of 95 %',
        mean => mean.difference.high
      ),
      'kind.heads': perKind('heads of the kind', ({ heads }) => heads.length),
      'kind.of': perKind('of so many', ({ of }) => of),
      'kind.depth': perKind('how deep they are on average', ({ depth }) => depth),
      'kind.strongest.layer': perKind(
        'of the one furthest above',
        kind => kind.strongest?.layer ?? NaN
      ),
      'kind.strongest.head': perKind(
        'of the one furthest above',
        kind => kind.strongest?.head ?? NaN
      ),
      'layer.kinds': {
        ...{
          axes: ['layer', 'layer_kind'],
          unit: '',
          about: 'heads of the layer, each of one kind'
        },
        data: Float64Array.from(layers.flatMap(({ counts }) => counts))
      }
    },
    {
      words: comparisonWords(comparison).map(partLines).flat(),
      notes: [...notes],
      rule,
      compared_by: Object.fromEntries(means.map(({ name, by }) => [name, by])),
      verdicts: Object.fromEntries(means.map(({ name, verdict }) => [name, verdict])),
      models: sides.map(({ name, model, window, stride, edited, result }) => ({
        ...{ name, fingerprint: model.fingerprint, window, stride, edited },
        ...{
          layers: model.config.nLayers,
          heads: model.config.nHeads,
          vocabulary: model.config.dVocab
        },
        windows: result.attributes['windows'] ?? null,
        params: result.attributes['params'] ?? null
      }))
    }
  )
}
