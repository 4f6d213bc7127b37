import { blockDiagram, type BlockDiagramData } from '../../block-diagram.ts'
import { rgbOfCss } from '../../color-table.ts'
import { dendrogram, type DendrogramData } from '../../dendrogram.ts'
import { groupColor } from '../../leaf-axis.ts'
import {
  fromBehind,
  litColor,
  modelSpace,
  partPalette,
  seenPlace,
  seenSides,
  type ModelSpaceData
} from '../../model-space.ts'
import { hexOf } from './colors.ts'
import { along, type PlottedKind, type Said } from '../plot.ts'

export const dendrogramPlot: PlottedKind<DendrogramData> = {
  kind: dendrogram,
  plot: ({ title, name, leaves, merges, cut, highest }, look) => ({
    form: 'tree',
    numbers: { heights: along(merges.map(({ height }) => height)) },
    said: {
      ...{ title, name, cut, highest, faint: look.faint, accent: look.accent },
      joins: merges.map(({ first, second }): Said => [first, second]),
      labels: leaves.map(({ label }) => label),
      colors: leaves.map(({ group }) => groupColor(group, look))
    }
  })
}

/** Of what a diagram shows no number is drawn. */
export const blockDiagramPlot: PlottedKind<BlockDiagramData> = {
  kind: blockDiagram,
  plot(data, look) {
    const size = blockDiagram.natural(data, look)
    const panel = blockDiagram.panel(data, look, size)
    const marks = panel.kind === 'map' ? panel.marks : []
    return {
      form: 'diagram',
      numbers: {},
      said: {
        size: [size.width, size.height],
        marks: marks.flatMap((mark): Said[] | Said => {
          if (mark.kind === 'spot') return []
          if (mark.kind === 'line') return { line: mark.points, color: mark.color }
          if (mark.kind === 'rect') {
            const fill = typeof mark.fill === 'string' ? mark.fill : null
            return { box: [mark.x, mark.y, mark.width, mark.height], fill, edge: mark.line }
          }
          const { text, x, y, align, upright, color, size, weight } = mark
          return { text, at: [x, y], align, upright, color, size, bold: weight >= 600 }
        })
      }
    }
  }
}

export const modelSpacePlot: PlottedKind<ModelSpaceData> = {
  kind: modelSpace,
  plot({ title, parts, names, angle, colored, note }, look) {
    const colors = partPalette(colored, look).map(rgbOfCss)
    return {
      form: 'polygons',
      numbers: {},
      said: {
        ...{ title, note, paper: look.paper, faint: look.faint },
        sides: fromBehind(parts, angle).flatMap(i =>
          seenSides(parts[i]!, angle).map(({ axis, corners }): Said => [
            corners,
            `#${hexOf(litColor(colors[parts[i]!.color]!, axis))}`
          ])
        ),
        names: names.map(({ text, at }): Said => [text, seenPlace(at, angle)])
      }
    }
  }
}
