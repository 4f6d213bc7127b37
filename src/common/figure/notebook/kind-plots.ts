import { LamellaError } from '../../model/errors.ts'
import { beside } from '../beside.ts'
import type { KeptPart } from '../drawing.ts'
import { headMap } from '../head-map.ts'
import { paperLook } from '../look.ts'
import type { SharedBar } from '../one-bar.ts'
import type { Size } from '../figure-kind.ts'
import type { Plot, PlottedKind } from './plot.ts'
import {
  barChartPlot,
  depthKindsPlot,
  scoreHistogramPlot,
  scoreRowPlot,
  signedBarsPlot,
  tokenBarsPlot,
  vectorProductPlot
} from './plots/bars.ts'
import { blockDiagramPlot, dendrogramPlot, modelSpacePlot } from './plots/diagrams.ts'
import { depthScoresPlot, linePlotPlot, offsetCurvePlot } from './plots/lines.ts'
import {
  attentionMapPlot,
  distanceMatrixPlot,
  headGridPlot,
  headMapPlot,
  tokenGridPlot,
  weightMapPlot
} from './plots/maps.ts'
import { headScatterPlot, pointScatterPlot } from './plots/points.ts'
import {
  attentionLinesPlot,
  contextLinesPlot,
  modelLinesPlot,
  shadedTextPlot
} from './plots/texts.ts'

/** A plot, and the room that the figure takes on the screen. */
export interface SizedPlot extends Plot {
  readonly size: Pick<Size, 'width' | 'height'>
}

/**
 * A figure as matplotlib is told of it.
 * @param letters how large its labels are, in CSS pixels
 * @param bar of a page on which several have one; left out where its own look says it
 * @throws LamellaError `unsupported` for a kind that there is no plot of
 */
export function plotOf(part: KeptPart, letters = paperLook.size, bar?: SharedBar): SizedPlot {
  const kind = kinds.find(({ name }) => name === part.kind)
  if (kind) return kind.plot(part, letters, bar)
  throw new LamellaError('unsupported', `No notebook draws a figure of the kind “${part.kind}”`)
}

/** Parts of a figure that is several of a kind side by side, with what stands above each; of any other itself. */
export function besideParts(part: KeptPart, name: string): { part: KeptPart; name: string }[] {
  const kind = besides.find(kind => kind.name === part.kind)
  if (kind === undefined) return [{ part, name }]
  return kind.data.parse(part.data).parts.map(({ caption, data }) => ({
    part: { ...part, kind: kind.of, data, size: null },
    name: [name, caption].filter(text => text !== '').join('\n')
  }))
}
const besides = [{ ...beside(headMap), of: headMap.name }]

interface OpenedKind {
  readonly name: string
  readonly plot: (part: KeptPart, letters: number, bar?: SharedBar) => SizedPlot
}

function plotted<D>({ kind, plot }: PlottedKind<D>): OpenedKind {
  return {
    name: kind.name,
    plot({ data, look: { shared = false, ...look }, size }, letters, bar) {
      const whole = {
        ...{ ...paperLook, ...look, size: letters },
        ...(shared && { shared }),
        ...(bar !== undefined && { bar })
      }
      const own = kind.data.parse(data)
      const room = size ?? kind.natural(own, whole)
      return { ...plot(own, whole, room), size: room }
    }
  }
}

const kinds: readonly OpenedKind[] = [
  plotted(attentionLinesPlot),
  plotted(attentionMapPlot),
  plotted(barChartPlot),
  plotted(blockDiagramPlot),
  plotted(contextLinesPlot),
  plotted(dendrogramPlot),
  plotted(depthKindsPlot),
  plotted(depthScoresPlot),
  plotted(distanceMatrixPlot),
  plotted(headGridPlot),
  plotted(headMapPlot),
  plotted(headScatterPlot),
  plotted(linePlotPlot),
  plotted(modelLinesPlot),
  plotted(modelSpacePlot),
  plotted(offsetCurvePlot),
  plotted(pointScatterPlot),
  plotted(scoreHistogramPlot),
  plotted(scoreRowPlot),
  plotted(shadedTextPlot),
  plotted(signedBarsPlot),
  plotted(tokenBarsPlot),
  plotted(tokenGridPlot),
  plotted(vectorProductPlot),
  plotted(weightMapPlot)
]
