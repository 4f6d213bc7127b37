import { indexRuns } from '#common/data/index-runs.ts'
import type { Look } from '#common/figure/look.ts'

/** Runs of what is selected together, whose labels are marked as one. */
export function amongRuns(indices: Iterable<number>) {
  return indexRuns([...indices].sort((a, b) => a - b))
}

/** A box in CSS pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Narrower boxes would be nothing but their outline. */
const leastOutlined = 6

/** Marks labels of what is selected together, as `.among` marks elements. */
export function paintAmong(
  context: CanvasRenderingContext2D,
  boxes: readonly Box[],
  { accent }: Pick<Look, 'accent'>
): void {
  context.save()
  context.fillStyle = context.strokeStyle = accent
  context.lineWidth = 1
  context.setLineDash([3, 2])
  for (const { x, y, width, height } of boxes) {
    const [wide, high] = [Math.max(1.5, width), Math.max(1.5, height)]
    const isOutlined = Math.min(width, height) >= leastOutlined
    context.globalAlpha = isOutlined ? 0.12 : 0.6
    context.fillRect(x, y, wide, high)
    context.globalAlpha = 1
    if (isOutlined) context.strokeRect(x + 0.5, y + 0.5, wide - 1, high - 1)
  }
  context.restore()
}
