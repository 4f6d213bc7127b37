import { LamellaError } from '../model/errors.ts'
import { attentionLines } from './attention-lines.ts'
import { attentionMap } from './attention-map.ts'
import { barChart } from './bar-chart.ts'
import { beside } from './beside.ts'
import { blockDiagram } from './block-diagram.ts'
import { contextLines } from './context-lines.ts'
import { dendrogram } from './dendrogram.ts'
import { beyondLimits, type Taken } from './data-limits.ts'
import { depthKinds } from './depth-kinds.ts'
import { depthScores } from './depth-scores.ts'
import { distanceMatrix } from './distance-matrix.ts'
import { drawing, drawingsInRow, type Drawing, type KeptDrawing, type KeptPart } from './drawing.ts'
import type { FigureKind } from './figure-kind.ts'
import { headGrid } from './head-grid.ts'
import { headMap } from './head-map.ts'
import { headScatter } from './head-scatter.ts'
import { linePlot } from './line-plot.ts'
import { paperLook } from './look.ts'
import { modelLines } from './model-lines.ts'
import { modelSpace } from './model-space.ts'
import { offsetCurve } from './offset-curve.ts'
import { pointScatter } from './point-scatter.ts'
import { scoreHistogram } from './score-histogram.ts'
import { scoreRow } from './score-row.ts'
import { shadedText } from './shaded-text.ts'
import { signedBars } from './signed-bars.ts'
import { tokenBars } from './token-bars.ts'
import { tokenGrid } from './token-grid.ts'
import { vectorProduct } from './vector-product.ts'
import { weightMap } from './weight-map.ts'

/**
 * A kept figure, to be drawn.
 * @param taken by the other panels of its page
 * @throws LamellaError `unsupported` for a kind that this version does not draw, `file-invalid` for data that are not of
 * its kind
 */
export function drawingOf({ parts, names, title }: KeptDrawing, taken?: Taken): Drawing {
  const all = parts.map(part => partOf(part, taken))
  return all.length === 1 ? all[0]! : drawingsInRow(all, names, title)
}

function partOf(part: KeptPart, taken?: Taken): Drawing {
  const kind = kinds.find(({ name }) => name === part.kind)
  if (kind) return kind.open(part, taken)
  throw new LamellaError(
    'unsupported',
    `This version of Lamella draws no figure of the kind “${part.kind}”`,
    'Open the session with the version that kept it.'
  )
}

function notItsData({ name }: { readonly name: string }): LamellaError {
  return new LamellaError(
    'file-invalid',
    `The data of a figure of the kind “${name}” are not what it is drawn of`
  )
}

/** Says of data that are of the shape of their kind, and that it still cannot be drawn of, that the file is wrong. */
function drawn(kind: { readonly name: string }, whole: Drawing): Drawing {
  return {
    ...whole,
    draw: wish => {
      try {
        return whole.draw(wish)
      } catch (thrown) {
        if (thrown instanceof RangeError || thrown instanceof TypeError) throw notItsData(kind)
        throw thrown
      }
    }
  }
}

interface KeptKind {
  readonly name: string
  open(part: KeptPart, taken?: Taken): Drawing
}

function kept<D extends { readonly title: string | null }>(kind: FigureKind<D>): KeptKind {
  return {
    name: kind.name,
    open({ data, look: { shared = false, ...look }, size }, taken) {
      const beyond = beyondLimits({ data, look }, taken)
      if (beyond !== null)
        throw new LamellaError(
          'file-invalid',
          `The data of a figure of the kind “${kind.name}” are more than one is drawn of: ${beyond}`
        )
      const read = kind.data.safeParse(data)
      if (!read.success) throw notItsData(kind)
      const whole = { ...paperLook, ...look, ...(shared && { shared }) }
      return drawn(kind, drawing(kind, read.data, whole, size ?? undefined))
    }
  }
}

/** All kinds that views draw. */
const kinds: readonly KeptKind[] = [
  kept(attentionLines),
  kept(attentionMap),
  kept(barChart),
  kept(blockDiagram),
  kept(contextLines),
  kept(dendrogram),
  kept(depthKinds),
  kept(depthScores),
  kept(distanceMatrix),
  kept(headGrid),
  kept(headMap),
  kept(beside(headMap)),
  kept(headScatter),
  kept(linePlot),
  kept(modelLines),
  kept(modelSpace),
  kept(offsetCurve),
  kept(pointScatter),
  kept(scoreHistogram),
  kept(scoreRow),
  kept(shadedText),
  kept(signedBars),
  kept(tokenBars),
  kept(tokenGrid),
  kept(vectorProduct),
  kept(weightMap)
]

/** What they are called. */
export const kindNames: readonly string[] = kinds.map(({ name }) => name)
