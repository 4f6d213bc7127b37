import { z } from 'zod'
import { barRoom, colorBar } from '#common/figure/color-bar.ts'
import type { MapFigureKind, MapPanel } from '#common/figure/figure-kind.ts'

const WeightScaleData = z.object({ title: z.null(), name: z.string() })
export type WeightScaleData = z.output<typeof WeightScaleData>

const above = 36
/** For the line below a bar. */
const below = 26
const longest = 240

/** The bar of the colours of weight maps that stand beside each other without one. */
export const weightScale: MapFigureKind<WeightScaleData> = {
  name: 'weight-scale',
  data: WeightScaleData,
  shows: ({ name }) => `Colour: ${name}`,
  resizes: 'width',

  natural: (_, look) => ({ width: barRoom(look), height: above + longest + below, ratio: 1 }),

  panel(data, look, size): MapPanel {
    const height = Math.max(60, Math.min(longest, size.height - above - below))
    return {
      ...{ kind: 'map', ...size, paper: look.paper, rasters: [] },
      marks: colorBar(look, 'difference', data.name, { x: 6, y: above, height })
    }
  }
}
