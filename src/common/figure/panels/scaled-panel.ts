import type { Panel } from '../figure-kind.ts'
import type { Mark } from '../mark.ts'
import type { Plot, PlotAxis } from '../plot.ts'

/** A panel made larger or smaller as it is. */
export function scaledPanel(panel: Panel, scale: number): Panel {
  const size = { width: panel.width * scale, height: panel.height * scale }
  if (panel.kind === 'chart') return { ...panel, ...size, scale: (panel.scale ?? 1) * scale }
  const marks = panel.marks.map(mark => scaledMark(mark, scale))
  if (panel.kind === 'row') {
    const parts = panel.parts.map(({ left, top, panel: part }) => ({
      left: left * scale,
      top: top * scale,
      panel: scaledPanel(part, scale)
    }))
    return { ...panel, ...size, marks, parts }
  }
  const rasters = panel.rasters.map(raster => ({
    ...raster,
    left: raster.left * scale,
    top: raster.top * scale,
    width: raster.width * scale,
    height: raster.height * scale
  }))
  const plots = panel.plots?.map(plot => scaledPlot(plot, scale))
  return { ...panel, ...size, marks, rasters, ...(plots && { plots }) }
}

/** Values stay; what is said in pixels is not. */
function scaledPlot(plot: Plot, scale: number): Plot {
  const { left, top, width, height, words, cells } = plot
  const axis = (own: PlotAxis): PlotAxis => ({
    ...own,
    ...{ away: own.away * scale, tickLength: own.tickLength * scale },
    ...(own.words && { words: { ...own.words, size: own.words.size * scale } }),
    name: own.name && {
      ...own.name,
      ...{ away: own.name.away * scale, room: own.name.room * scale }
    }
  })
  return {
    ...{ left: left * scale, top: top * scale, width: width * scale, height: height * scale },
    ...{ x: axis(plot.x), y: axis(plot.y), words: { ...words, size: words.size * scale } },
    ...(cells && {
      cells: { ...cells, edge: { ...cells.edge, width: cells.edge.width * scale } }
    }),
    series: plot.series.map(own => ({
      ...{ ...own, size: own.size * scale },
      ...(own.shift !== undefined && { shift: own.shift * scale }),
      ...(own.thick !== undefined && { thick: own.thick * scale }),
      ...(own.edge && { edge: { ...own.edge, width: own.edge.width * scale } })
    }))
  }
}

function scaledMark(mark: Mark, scale: number): Mark {
  switch (mark.kind) {
    case 'line':
      return {
        ...mark,
        points: mark.points.map(([x, y]) => [x * scale, y * scale] as const),
        width: mark.width * scale
      }
    case 'rect':
    case 'spot':
      return {
        ...mark,
        ...{ x: mark.x * scale, y: mark.y * scale },
        ...{ width: mark.width * scale, height: mark.height * scale }
      }
    case 'text':
      return {
        ...mark,
        ...{ x: mark.x * scale, y: mark.y * scale, size: mark.size * scale },
        room: mark.room === null ? null : mark.room * scale
      }
  }
}
