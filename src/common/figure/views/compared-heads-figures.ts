import { comparisonDataset } from '../../analysis/head-comparison/comparison-dataset.ts'
import {
  headComparison,
  type HeadComparison
} from '../../analysis/head-comparison/head-comparison.ts'
import { headDifferences } from '../../analysis/head-comparison/head-differences.ts'
import { headKinds, kindsByLayer, kindWords } from '../../analysis/head-comparison/head-kinds.ts'
import { scoreByDepth } from '../../analysis/head-comparison/score-by-depth.ts'
import { atlasScore } from '../../analysis/head-atlas/atlas-scores.ts'
import type { HeadAtlas } from '../../analysis/head-atlas/head-atlas.ts'
import { precisionOf } from '../../analysis/result-precision.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { withDrawn, type Dataset } from '../../data/dataset.ts'
import { readInWords } from '../../text/read-in-words.ts'
import { beside, type Beside } from '../beside.ts'
import { depthKinds, type DepthKindsData } from '../depth-kinds.ts'
import { depthScores, type DepthScoresData } from '../depth-scores.ts'
import type { FigureKind } from '../figure-kind.ts'
import { headMap, type HeadMapData } from '../head-map.ts'
import { spanning } from '../heat-map-pixels.ts'
import type { Look } from '../look.ts'
import type { FigureCommand, FigureOrigin, Origin } from '../provenance.ts'
import type { ValueRange } from '../value-scale.ts'
import type { ViewFigure } from './figure-view.ts'
import { readingOf, runOrigin, type RunRead } from './origin.ts'
import { mapData, mapExtent, mapLook, quantityName, type ScoreQuantity } from './score-map.ts'

/** One of two models whose heads are compared, and what is known of it once it was read. */
export interface ReadSide {
  readonly model: ModelInfo
  /** What was read. */
  readonly run: RunRead
  /** Of the text; of a corpus they do not count. */
  readonly tokens: number
  /** How long its windows are, and the corpus by its name; null for the text. */
  readonly over: Parameters<typeof readInWords>[1]
  /** What `head-statistics` came to. */
  readonly result: Dataset
  readonly atlas: HeadAtlas
}

/** What a comparison is drawn of. */
export interface FiguredComparison {
  readonly comparison: HeadComparison
  readonly read: readonly [ReadSide, ReadSide]
}

/** What of it is drawn; the maps of both, or of the first less the second. */
interface Shown {
  readonly score: string
  readonly quantity: ScoreQuantity
}

const headMaps = beside(headMap)

/** Sets two models that were read side by side, by what they are called. */
export function comparedSides(
  read: readonly [ReadSide, ReadSide],
  names: readonly [string, string]
): HeadComparison {
  const [a, b] = read.map(({ model, run, over, result, atlas }) => {
    const { config, fingerprint, visibility } = model
    return {
      model: { fingerprint, config: config!, visibility },
      edited: run.source.edits.length > 0,
      texts: JSON.stringify(run.corpus?.inputs ?? run.source.input),
      window: over.sentences ? null : over.window,
      stride: run.cut?.stride ?? null,
      ...{ result, atlas }
    }
  })
  return headComparison({ ...a!, name: names[0] }, { ...b!, name: names[1] })
}

/** The heads of both by a score, or of the first less the second's. */
export function comparedMapsFigure(
  whole: FiguredComparison,
  shown: Shown & { readonly maps: 'both' | 'difference' },
  version: string
): ViewFigure<Beside<HeadMapData>> {
  const { comparison } = whole
  const [a, b] = comparison.sides
  const parts =
    shown.maps === 'difference'
      ? [{ caption: `${a.name}, less ${b.name}`, data: differenceMap(comparison, shown) }]
      : bothMaps(comparison, shown).map((data, i) => ({
          caption: comparison.sides[i]!.name,
          data
        }))
  return named(
    whole,
    headMaps,
    { name: quantityName(shown.score, shown.quantity), data: { parts } },
    ['value', 'baseline'],
    version
  )
}

/** A look with the range of all of its maps. */
export function comparedMapsLook(
  look: Omit<Look, 'range'> & Partial<Pick<Look, 'range'>>,
  parts: readonly { readonly data: HeadMapData }[],
  score: string
): Look {
  const maps = parts.map(({ data }) => data)
  const { isMass } = atlasScore(score)
  const shared = look.shared === true || maps.length > 1
  const range = look.range ?? comparedMapsExtent(parts)
  return mapLook({ ...look, shared, range }, maps[0]?.quantity ?? 'weight', isMass)
}

/** What the numbers of its maps span. */
export function comparedMapsExtent(parts: readonly { readonly data: HeadMapData }[]): ValueRange {
  return spanning(parts.map(({ data }) => mapExtent(data)))
}

/** A score of both by how deep the heads are. */
export function comparedDepthFigure(
  whole: FiguredComparison,
  shown: Shown,
  version: string
): ViewFigure<DepthScoresData> {
  const data = depthData(whole.comparison, shown)
  const drawn = ['value', 'baseline', 'head.depth']
  return named(whole, depthScores, { name: `${data.name} by depth`, data }, drawn, version)
}

/** How many heads of each layer are of which kind; null where no kinds are told. */
export function comparedKindsFigure(
  whole: FiguredComparison,
  version: string
): ViewFigure<DepthKindsData> | null {
  const data = kindsData(whole.comparison)
  const name = 'kinds of heads by depth'
  return data && named(whole, depthKinds, { name, data }, ['layer.kinds'], version)
}

/** Where a comparison is from. */
export function comparisonOrigin(
  read: readonly [ReadSide, ReadSide],
  version: string
): FigureOrigin & { readonly beside: Origin } {
  const [of, beside] = read.map(({ model, run, tokens, over, atlas }) =>
    runOrigin(model, run, `Heads, scored over ${readInWords(atlas.windows, over, tokens)}`)
  )
  const precision = precisionOf(...read.map(({ result }) => result))
  return { version, of: of!, less: null, beside: beside!, precision }
}

/** The command that draws it again. */
export function comparisonCommand(
  [a, b]: readonly [ReadSide, ReadSide],
  params: Readonly<Record<string, unknown>>
): FigureCommand {
  const { provider } = b.run.source
  const isOther = provider !== a.run.source.provider
  return {
    ...{ view: 'compared-heads', params, with: b.model.name },
    withRun: { ...readingOf(b.run), ...(isOther && { provider }) }
  }
}

function named<D extends { readonly title: string | null }>(
  { comparison, read }: FiguredComparison,
  kind: FigureKind<D>,
  { name, data }: { readonly name: string; readonly data: Omit<D, 'title'> },
  drawn: readonly string[],
  version: string
): ViewFigure<D> {
  const names = comparison.sides.map(({ name }) => name).join(' and ')
  return {
    ...{ what: name, kind, data: { ...data, title: `${name} · ${names}` } as D },
    from: comparisonOrigin(read, version),
    dataset: () => withDrawn(comparisonDataset(comparison), drawn)
  }
}

/** The maps of both models. */
export function bothMaps({ sides }: HeadComparison, shown: Shown): [HeadMapData, HeadMapData] {
  return [mapData(sides[0].atlas, shown), mapData(sides[1].atlas, shown)]
}

/** The first model's scores less the second's, head by head. */
export function differenceMap({ sides }: HeadComparison, { score, quantity }: Shown): HeadMapData {
  const [a, b] = sides
  return {
    ...mapData(a.atlas, { score, quantity }),
    name: `${quantityName(score, quantity)}: difference`,
    quantity: 'difference',
    values: headDifferences(a, b, score, quantity === 'above').map(
      ({ difference }) => difference.value
    )
  }
}

/** A score of both by how deep the heads are. */
export function depthData({ sides }: HeadComparison, { score, quantity }: Shown): DepthScoresData {
  const isAbove = quantity === 'above'
  return {
    title: null,
    name: quantityName(score, quantity),
    sides: sides.map(side => ({
      name: side.name,
      baseline: isAbove ? 0 : meanBaseline(side.atlas.heads.map(head => head.scores[score])),
      layers: scoreByDepth(side, score, isAbove)
    }))
  }
}

/** How many heads of each layer are of which kind; null where no kinds are told. */
export function kindsData({ sides, rule }: HeadComparison): DepthKindsData | null {
  if (rule === null) return null
  return {
    title: null,
    kinds: headKinds.map(kindWords),
    sides: sides.map(side => ({ name: side.name, layers: kindsByLayer(side, rule) }))
  }
}

/** Layers that see as much have the same one; null where there is none. */
function meanBaseline(
  scores: readonly ({ readonly baseline: number } | undefined)[]
): number | null {
  const known = scores.flatMap(score =>
    score !== undefined && Number.isFinite(score.baseline) ? [score.baseline] : []
  )
  if (known.length === 0) return null
  return known.reduce((sum, baseline) => sum + baseline, 0) / known.length
}
