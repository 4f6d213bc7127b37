import { atlasLess, atlasLessDataset, headsLess } from '../../analysis/head-atlas/atlas-less.ts'
import {
  atlasDataset,
  type AtlasHead,
  type HeadAtlas
} from '../../analysis/head-atlas/head-atlas.ts'
import { precisionOf } from '../../analysis/result-precision.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { withDrawn, type Dataset } from '../../data/dataset.ts'
import { lessCaption } from '../captions.ts'
import { headMap, type HeadMapData } from '../head-map.ts'
import { headScatter, type HeadScatterData } from '../head-scatter.ts'
import { offsetCurve, type OffsetCurveData } from '../offset-curve.ts'
import type { FigureOrigin } from '../provenance.ts'
import type { ValueRange } from '../value-scale.ts'
import { scatterData } from './atlas-scatter.ts'
import { curveData } from './curve-data.ts'
import type { ViewFigure } from './figure-view.ts'
import { runOrigin, type RunRead } from './origin.ts'
import { mapData, type ScoreQuantity } from './score-map.ts'

/** What heads do, and of what that was read. */
export interface FiguredAtlas {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint' | 'config'>
  readonly run: RunRead
  readonly atlas: HeadAtlas
  /** What it was made of. */
  readonly result: Dataset
  /** What was read, such as `12 windows of 128 tokens of the text`. */
  readonly read: string
  /** What is taken from it, where the atlas is of differences: a run, what was read of it, and which is which. */
  readonly less?: Pick<FiguredAtlas, 'model' | 'run' | 'result' | 'read' | 'place'> & {
    readonly caption: string
  }
  /** Which of its heads; left out where it is all of them. */
  readonly place?: string
}

/** Every head by one of its scores, a cell each. */
export function atlasMapFigure(
  whole: FiguredAtlas,
  shown: { readonly score: string; readonly quantity: ScoreQuantity },
  version: string
): ViewFigure<HeadMapData> {
  const data = mapData(whole.atlas, shown)
  return {
    ...named(whole, data.name, scores, version),
    kind: headMap,
    data: titled(whole, data.name, data)
  }
}

/**
 * Every head by two of its scores, a point each.
 * @param spanOf what an axis has at least room for; null for its own points
 */
export function atlasScatterFigure(
  whole: FiguredAtlas,
  shown: { readonly x: string; readonly y: string },
  spanOf: (score: string) => ValueRange | null,
  version: string
): ViewFigure<HeadScatterData> {
  const data = scatterData(whole.atlas, whole.model.config?.nLayers ?? 1, shown, spanOf)
  const what = `${data.x.name} and ${data.y.name}`
  return {
    ...named(whole, what, scores, version),
    kind: headScatter,
    data: titled(whole, what, data)
  }
}

/** Where one head looks, by how far back. */
export function offsetsFigure(
  whole: FiguredAtlas,
  { layer, head }: { readonly layer: number; readonly head: number },
  version: string
): ViewFigure<OffsetCurveData> {
  const { atlas } = whole
  const own = 'attention by offset'
  // A difference is called by both of its heads.
  const what = whole.less ? own : `Head ${layer}.${head}, ${own}`
  const found = atlas.heads.find(each => each.layer === layer && each.head === head)!
  const data = curveData(atlas, found)
  const of = { place: `Head ${layer}.${head}`, ...whole }
  return { ...named(of, what, curve, version), kind: offsetCurve, data: titled(whole, what, data) }
}

/** What heads do in one atlas less what those at the same places do in another. */
export function atlasesLess(a: FiguredAtlas, b: FiguredAtlas): FiguredAtlas {
  const { model, run, result, read } = b
  const caption = lessCaption({ ...a, name: '' }, { ...b, name: '' })
  return { ...a, atlas: atlasLess(a.atlas, b.atlas), less: { model, run, result, read, caption } }
}

/** What one head does less what another does, wherever the two are. */
export function offsetsLess(a: HeadOfAtlas, b: HeadOfAtlas): FiguredAtlas {
  const nameOf = ({ head: { layer, head } }: HeadOfAtlas) => `Head ${layer}.${head}`
  const { model, run, result, read } = b.whole
  const [own, other] = [a, b].map(side => ({ ...side.whole, name: nameOf(side) }))
  return {
    ...a.whole,
    atlas: headsLess(a.whole.atlas, a.head, b.whole.atlas, b.head),
    place: nameOf(a),
    less: { model, run, result, read, place: nameOf(b), caption: lessCaption(own!, other!) }
  }
}

/** One head, and the atlas that it is in. */
interface HeadOfAtlas {
  readonly whole: FiguredAtlas
  readonly head: AtlasHead
}

function titled<D>({ model, read, less }: FiguredAtlas, what: string, data: D) {
  if (less) return { ...data, title: `${less.caption} · ${what}` }
  return { ...data, title: `${model.name} · ${what} · ${read}` }
}

/** What figures draw of an atlas. */
const scores = ['value', 'difference', 'baseline']
const curve = ['offset', 'baseline.offset']

function named(whole: FiguredAtlas, what: string, drawn: readonly string[], version: string) {
  const { atlas, result, less } = whole
  const originOf = ({
    model,
    run,
    read,
    place = `Heads by ${what}`
  }: Omit<FiguredAtlas, 'atlas' | 'result'>) =>
    runOrigin(model, run, `${place}, scored over ${read}`)
  const from: FigureOrigin = {
    version,
    of: originOf(whole),
    less: less ? originOf(less) : null,
    precision: precisionOf(result, ...(less ? [less.result] : []))
  }
  const numbers = () =>
    withDrawn(
      less ? atlasLessDataset(atlas, [result, less.result]) : atlasDataset(atlas, result),
      drawn
    )
  const own = `heads · ${what}`
  return { what: less ? `${less.caption} · ${own}` : own, from, dataset: numbers }
}
