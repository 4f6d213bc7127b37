import type { AxisLabel } from '#common/figure/token-labels.ts'
import { labelSize, labelsStand, labelWidth, titleSize } from './axes.ts'
import type { Stage } from './viewport.ts'

/** Widths of an axis's labels, in CSS pixels. */
export interface LabelWidths {
  readonly label: number
  /** Of the position that thinned labels carry. */
  readonly position: number
}

export interface MapLayout {
  /** Where the map begins, in CSS pixels. */
  readonly left: number
  readonly top: number
  readonly stage: Stage
  /** Whether there is room for a colour bar beside the map. */
  readonly hasBar: boolean
}

const barWidth = 84
const smallest = 40
/** A map that a colour bar would make narrower than this has none. */
const smallestBeside = 120

/** How wide labels come out in a font. */
export function labelWidths(labels: readonly AxisLabel[], font: string): LabelWidths {
  const context = document.createElement('canvas').getContext('2d')!
  context.font = `${labelSize}px ${font}`
  const widths = labels.map(label => labelWidth(context, label))
  return {
    label: widths.reduce((max, width) => Math.max(max, width), 8),
    position: context.measureText(`${labels.length} `).width
  }
}

/** Room for axes and colour bar, and what is left for the map. */
export function mapLayout(
  box: { readonly width: number; readonly height: number },
  { label, position }: LabelWidths,
  size: number,
  ratio: number
): MapLayout {
  const hasBar = box.width - titleSize - label - position - 10 - barWidth >= smallestBeside
  const beside = hasBar ? barWidth : 0
  const estimate = Math.min(box.width - label - beside, box.height - label) / Math.max(1, size)
  const room = label + (estimate < 8 ? position : 0) + 10
  const left = titleSize + room
  const top = titleSize + (labelsStand(estimate - 1, label) ? room : labelSize + 8)
  const stage: Stage = {
    size: Math.max(1, size),
    width: Math.max(smallest, box.width - left - beside),
    height: Math.max(smallest, box.height - top - 2),
    ratio
  }
  return { left, top, stage, hasBar }
}
