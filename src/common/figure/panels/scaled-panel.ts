import type { Panel } from '../figure-kind.ts'
import type { Mark } from '../mark.ts'

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
  return { ...panel, ...size, marks, rasters }
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
