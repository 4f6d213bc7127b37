import { CustomChart, type CustomSeriesOption } from 'echarts/charts'
import {
  GraphicComponent,
  GridComponent,
  TitleComponent,
  type GraphicComponentOption,
  type GridComponentOption,
  type TitleComponentOption
} from 'echarts/components'
import { init, use, type ComposeOption } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([CustomChart, GraphicComponent, GridComponent, TitleComponent, SVGRenderer])

export type FigureOption = ComposeOption<
  CustomSeriesOption | GraphicComponentOption | GridComponentOption | TitleComponentOption
>

/** What to draw, and how large, in CSS pixels. */
export interface Figure {
  readonly option: FigureOption
  readonly width: number
  readonly height: number
}

/** A figure as an SVG document of its own: nothing in it is fetched or run. */
export function figureSvg({ option, width, height }: Figure): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption(option)
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}
