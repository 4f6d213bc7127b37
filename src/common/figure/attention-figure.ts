import { labelStep } from './axis-labels.ts'
import { colorBarTicks, tickText } from './color-bar.ts'
import { colorTable, cssColor, type ColorMap } from './color-table.ts'
import type { Figure } from './figure.ts'
import { causalColumns, heatMapPixels } from './heat-map-pixels.ts'
import { pngUrl } from './png-url.ts'
import { axisLabels, type AxisLabel } from './token-labels.ts'
import type { ShownToken } from '../text/token-bytes.ts'
import type { ValueRange, ValueScale } from './value-scale.ts'
import { valueScaleFormulas } from './value-scale.ts'

export interface AttentionFigureData {
  readonly title: string
  /** [query, key] */
  readonly pattern: Float32Array
  readonly tokens: readonly ShownToken[]
  readonly colorMap: ColorMap
  readonly scale: ValueScale
  readonly range: ValueRange
  /** Keys after the query hold no value. */
  readonly causal: boolean
  /** Keys run from right to left. */
  readonly mirrored: boolean
}

const ink = '#1f2328'
const faint = '#6e7781'
const accent = '#2f5fd0'
const sans = "Inter, 'Noto Sans Hebrew', system-ui, sans-serif"
const mono = "'JetBrains Mono', 'Noto Sans Hebrew', ui-monospace, Menlo, Consolas, monospace"

const letterSize = 11
/** How wide a letter is at most, but for those of wide scripts. */
const letterWidth = 0.66 * letterSize
const titleHeight = 34
const axisNameHeight = 20
const margin = 14
const barWidth = 12
const barRoom = 92
/** Below the bar: what its colours stand for. */
const barNameHeight = 34

/** One head's attention pattern as a map on white paper, with its tokens on both axes and a colour bar. */
export function attentionFigure(data: AttentionFigureData): Figure {
  const { title, tokens, mirrored } = data
  const count = tokens.length
  const side = Math.max(220, Math.min(560, 16 * count))
  const cell = side / count
  const step = labelStep(cell, letterSize + 2)
  const labels = labelled(axisLabels(tokens), step)
  const inks = new Map(labels.map(label => [label.text, inkOf(label)]))
  const widest = Math.ceil(Math.max(...labels.map(({ text }) => [...text].length)) * letterWidth)
  const upright = widest > step * cell
  const left = margin + axisNameHeight + widest
  const top = titleHeight + axisNameHeight + (upright ? widest : letterSize) + 6
  const image = picture(data)
  const axis = {
    type: 'category' as const,
    data: labels.map(({ text }) => text),
    nameLocation: 'middle' as const,
    nameMoveOverlap: false,
    nameTextStyle: { color: faint, fontFamily: sans, fontSize: letterSize },
    axisLine: { show: false },
    axisTick: { show: false }
  }
  const axisLabel = {
    interval: (index: number) => index % step === 0,
    color: (text?: string | number) => inks.get(String(text)) ?? ink,
    fontFamily: mono,
    fontSize: letterSize,
    margin: 6
  }
  return {
    width: Math.ceil(left + side + barRoom),
    height: Math.ceil(top + side + margin),
    option: {
      animation: false,
      backgroundColor: '#fff',
      title: {
        text: title,
        left: margin,
        top: 12,
        padding: 0,
        textStyle: {
          color: ink,
          fontFamily: sans,
          fontSize: 13,
          fontWeight: 600,
          width: left + side + barRoom - 2 * margin,
          overflow: 'truncate'
        }
      },
      grid: {
        left,
        top,
        width: side,
        height: side,
        outerBoundsMode: 'none',
        show: true,
        borderColor: '#d0d7de'
      },
      xAxis: {
        ...axis,
        silent: true,
        position: 'top',
        inverse: mirrored,
        name: 'key',
        nameGap: top - titleHeight - 14,
        axisLabel: {
          ...axisLabel,
          ...(upright && { rotate: -90, align: 'left', verticalAlign: 'middle' })
        }
      },
      yAxis: {
        ...axis,
        inverse: true,
        name: 'query',
        nameGap: left - margin - 12,
        axisLabel
      },
      series: {
        type: 'custom',
        data: [0],
        silent: true,
        renderItem: () => ({
          type: 'image',
          style: { image, x: left, y: top, width: side, height: side }
        })
      },
      graphic: colorBar(data, left + side + 22, top, Math.min(side - barNameHeight, 220))
    }
  }
}

/** Labels that are thinned out carry their position. */
function labelled(labels: readonly AxisLabel[], step: number): AxisLabel[] {
  return labels.map((label, i) => (step === 1 ? label : { ...label, text: `${i} ${label.text}` }))
}

function inkOf({ special, faint: sign }: AxisLabel): string {
  return special ? accent : sign ? faint : ink
}

/** The map as a picture, each cell several pixels wide so that its edges stay sharp wherever it is shown. */
function picture({
  pattern,
  tokens,
  colorMap,
  scale,
  range,
  causal,
  mirrored
}: AttentionFigureData) {
  const count = tokens.length
  const cells = heatMapPixels(pattern, count, count, {
    table: colorTable(colorMap),
    scale,
    range,
    ...(causal && { filled: causalColumns })
  })
  const size = Math.max(1, Math.min(16, Math.floor(1024 / count)))
  const width = count * size
  const from = new Uint32Array(cells.buffer)
  const pixels = new Uint32Array(width * width)
  for (let row = 0; row < width; row++)
    for (let column = 0; column < width; column++) {
      const key = Math.floor(column / size)
      const query = Math.floor(row / size)
      pixels[row * width + column] = from[query * count + (mirrored ? count - 1 - key : key)]!
    }
  return pngUrl(new Uint8ClampedArray(pixels.buffer), width, width)
}

/** A bar of all colours with the weights they stand for, from the highest down. */
function colorBar(
  { colorMap, scale, range }: AttentionFigureData,
  x: number,
  y: number,
  height: number
) {
  const stops = 32
  const words = { fontFamily: sans, fontSize: letterSize, fill: ink, x: x + barWidth + 5 }
  return [
    {
      type: 'rect' as const,
      silent: true,
      shape: { x, y, width: barWidth, height },
      style: {
        stroke: '#d0d7de',
        fill: {
          type: 'linear' as const,
          x: 0,
          y: 1,
          x2: 0,
          y2: 0,
          colorStops: Array.from({ length: stops + 1 }, (_, i) => ({
            offset: i / stops,
            color: cssColor(colorMap, i / stops)
          }))
        }
      }
    },
    ...colorBarTicks(scale, range, 4).map(({ value, position }) => ({
      type: 'text' as const,
      silent: true,
      style: {
        ...words,
        text: tickText(value),
        y: y + (1 - position) * height,
        verticalAlign: 'middle' as const
      }
    })),
    {
      type: 'text' as const,
      silent: true,
      style: {
        ...words,
        x,
        fill: faint,
        lineHeight: 15,
        text: scale === 'linear' ? 'weight w' : `weight w,\nas ${valueScaleFormulas[scale]}`,
        y: y + height + 12
      }
    }
  ]
}
