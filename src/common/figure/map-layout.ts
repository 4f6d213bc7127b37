import { barRoom } from './color-bar.ts'
import type { Size } from './figure-kind.ts'
import { titleRoom } from './title-marks.ts'
import { rowSize, widestLabel } from './token-axis.ts'
import type { AxisLabel } from './token-labels.ts'
import { monoWidth } from './text-width.ts'
import { fitted, type Stage } from './viewport.ts'

export interface MapLayout {
  /** Where the names of the axes may begin, below a title. */
  readonly above: number
  /** Where the map begins, in CSS pixels. */
  readonly left: number
  readonly top: number
  readonly stage: Stage
  /** Whether labels of keys stand upright, as they do where cells are narrower than the widest. */
  readonly keysStand: boolean
  /** Whether there is room for a colour bar beside the map. */
  readonly hasBar: boolean
  /** What is kept below the map for one that lies. */
  readonly below: number
}

/** What a map has to have room for besides its cells. */
export interface MapNeeds {
  readonly labels: readonly AxisLabel[]
  /** Of the labels' letters. */
  readonly fontSize: number
  /** A line above all else. */
  readonly hasTitle: boolean
  /** Left out where it has none beside it, whatever room there is. */
  readonly hasBar?: false
  /** What one takes that lies below a map which begins there; left out where none does. */
  readonly below?: (left: number) => number
  /** What labels of rows and of columns take, where only those have room that show; left out for all. */
  readonly shown?: { readonly rows: number; readonly columns: number }
  /** A strip below the map, and one beside it. */
  readonly hasProfiles: boolean
}

/** Room for the name of an axis. */
export const axisNameRoom = 18
/** Between labels and the map, and between them and the name of their axis. */
const aroundLabels = 10
/** How high the bars of a profile may be, and how far they keep from the map. */
export const profileSize = 36
export const profileGap = 6
/** Of the line around a map. */
const frameRoom = 1
const smallest = 40
/** A map that a colour bar would make narrower than this has none. */
export const smallestBeside = 120

/**
 * Room for axes and colour bar, and what is left for the map.
 * @param cell how wide cells are at least, in CSS pixels: the whole map may allow more
 */
export function mapLayout(box: Size, needs: MapNeeds, cell = 0): MapLayout {
  const { labels, fontSize, hasTitle, hasProfiles, shown } = needs
  const wantsBar = needs.hasBar !== false
  const above = hasTitle ? titleRoom : 0
  const label = widestLabel(labels, fontSize)
  const all = label + monoWidth(`${labels.length} `, fontSize)
  const profile = hasProfiles ? profileGap + profileSize : 0
  const left = axisNameRoom + (shown?.rows ?? all) + aroundLabels
  const standing = above + axisNameRoom + (shown?.columns ?? all) + aroundLabels
  const bar = barRoom({ size: fontSize })
  const room = needs.below?.(left) ?? 0
  const across = box.width - left - profile
  const down = box.height - standing - profile - 2
  // Of a low room one below the map would take more of it than one beside it.
  const isLow = room > 0 && Math.min(across - bar, down) > Math.min(across, down - room)
  const hasBar = wantsBar && across - bar >= (isLow ? smallest : smallestBeside)
  const beside = profile + (hasBar ? bar : frameRoom)
  const lyingBar = hasBar ? 0 : room
  const stageAt = (top: number, beside: number): Stage => ({
    size: Math.max(1, labels.length),
    width: Math.max(smallest, box.width - left - beside),
    height: Math.max(smallest, box.height - top - profile - lyingBar - 2),
    ratio: box.ratio
  })
  const lying = above + axisNameRoom + fontSize + 8
  const keysStand = label > Math.max(cell, fitted(stageAt(lying, beside)).cell)
  const top = keysStand ? standing : lying
  const end = keysStand ? endRoom(Math.max(cell, fitted(stageAt(top, beside)).cell), fontSize) : 0
  const stage = stageAt(top, Math.max(beside, end))
  return { above, left, top, stage, keysStand, hasBar, below: lyingBar }
}

/** What a map keeps at its end where nothing stands beside it: of its line, or of an upright label that is wider than its cell. */
export function endRoom(cell: number, fontSize: number): number {
  return Math.max(frameRoom, (rowSize(cell, { size: fontSize }) - cell) / 2)
}
