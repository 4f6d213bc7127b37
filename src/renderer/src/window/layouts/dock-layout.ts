import type { DockviewApi, SerializedDockview } from 'dockview-vue'
import {
  layoutTabs,
  type Layout,
  type LayoutPart,
  type LayoutTab,
  type TabStack
} from '#common/model/layout.ts'
import type { Arrangement, Tab } from '../../stores/tabs.ts'

type Node = SerializedDockview['grid']['root']
type Stack = Exclude<Node['data'], Node[]>
type Floating = NonNullable<SerializedDockview['floatingGroups']>[number]
export type Extent = Pick<DockviewApi, 'width' | 'height'>

/** Less than this of a split is nothing that could be taken hold of. */
const leastShare = 0.01

/**
 * How tabs stand in a dock, without what they are about; null where none is of a view.
 * @param tabOf what a tab is in a layout, by its id; null for one that is left out, such as a page
 */
export function dockLayout(
  { grid, floatingGroups = [] }: SerializedDockview,
  tabOf: (id: string) => LayoutTab | null
): Layout | null {
  const root = partOf(grid.root, tabOf)
  const layout: Layout = {
    direction: isRow(grid.orientation) ? 'row' : 'column',
    parts: root !== null && 'parts' in root ? root.parts : [],
    floating: floatingGroups.flatMap(floating => floatOf(floating, grid, tabOf) ?? [])
  }
  return layoutTabs(layout).length === 0 ? null : layout
}

/** The tabs of a layout, each with an id, and how a dock of an extent in pixels places them. */
export function placedTabs(
  { direction, parts, floating }: Layout,
  { width, height }: Extent,
  idOf: (type: string) => string
): Arrangement {
  const tabs: Tab[] = []
  let stacks = 0

  function place({ tabs: own, front }: TabStack): Stack {
    const placed = own.map(({ type, on, with: other }) => {
      return { id: idOf(type), type, context: { on, with: other } }
    })
    tabs.push(...placed)
    const views = placed.map(({ id }) => id)
    return { id: String(++stacks), views, activeView: views[Math.min(front, views.length - 1)]! }
  }

  /** @param along what the split around divides, and `across` what it does not, in pixels */
  function nodeOf(part: LayoutPart, along: number, across: number): Node {
    const size = part.share * along
    if (!('parts' in part)) return { type: 'leaf', data: place(part), size }
    return { type: 'branch', data: part.parts.map(inner => nodeOf(inner, across, size)), size }
  }

  const [along, across] = direction === 'row' ? [width, height] : [height, width]
  const data = inShares(parts).map(part => nodeOf(part, along, across))
  const floats = floating.map(({ left, top, width: wide, height: high, ...stack }) => ({
    data: place(stack),
    position: {
      left: left * width,
      top: top * height,
      width: wide * width,
      height: high * height
    }
  }))
  const [first] = tabs
  return {
    tabs,
    layout: {
      grid: {
        root: { type: 'branch', data, size: across },
        width,
        height,
        orientation: direction === 'row' ? 'HORIZONTAL' : 'VERTICAL'
      },
      panels: Object.fromEntries(tabs.map(({ id }) => [id, { id, contentComponent: 'view' }])),
      floatingGroups: floats
    },
    active: data.length > 0 ? frontOf(data[0]!) : (floats[0]?.data.activeView ?? first?.id ?? null)
  }
}

function partOf(node: Node, tabOf: (id: string) => LayoutTab | null): LayoutPart | null {
  const share = node.size ?? 1
  if (!Array.isArray(node.data)) {
    const stack = stackOf([node.data], tabOf)
    return stack && { share, ...stack }
  }
  const parts = node.data.flatMap(inner => partOf(inner, tabOf) ?? [])
  return parts.length === 0 ? null : { share, parts: inShares(parts) }
}

/** Tabs that lie over one another, of equal ones the first; null where none is of a view. */
function stackOf(
  stacks: readonly Stack[],
  tabOf: (id: string) => LayoutTab | null
): TabStack | null {
  const all = stacks.flatMap(({ views }) => views.map(id => ({ id, tab: tabOf(id) })))
  const known = all.flatMap(({ tab }) => tab ?? [])
  const tabs = known.filter((tab, i) => known.findIndex(other => isSame(other, tab)) === i)
  if (tabs.length === 0) return null
  const front = all.find(({ id }) => id === stacks[0]!.activeView)?.tab
  return { tabs, front: front ? tabs.findIndex(tab => isSame(tab, front)) : 0 }
}

/** What floats, as one stack also where it is split. */
function floatOf(
  { data, grid, position }: Floating,
  { width, height }: Extent,
  tabOf: (id: string) => LayoutTab | null
): Layout['floating'][number] | null {
  const stack = stackOf(data ? [data] : grid ? leavesOf(grid.root) : [], tabOf)
  if (stack === null) return null
  const left = 'left' in position ? position.left : width - position.right - position.width
  const top = 'top' in position ? position.top : height - position.bottom - position.height
  return {
    ...stack,
    left: within(left / width, 0),
    top: within(top / height, 0),
    width: within(position.width / width, leastShare),
    height: within(position.height / height, leastShare)
  }
}

function leavesOf({ data }: Node): Stack[] {
  return Array.isArray(data) ? data.flatMap(leavesOf) : [data]
}

/** Parts whose shares are together what they divide. */
function inShares(parts: readonly LayoutPart[]): LayoutPart[] {
  const whole = parts.reduce((sum, { share }) => sum + share, 0)
  return parts.map(part => ({ ...part, share: within(part.share / whole, leastShare) }))
}

function frontOf({ data }: Node): string | null {
  if (!Array.isArray(data)) return data.activeView ?? null
  return data[0] ? frontOf(data[0]) : null
}

function isSame(a: LayoutTab, b: LayoutTab): boolean {
  return a.type === b.type && a.on === b.on && a.with === b.with
}

/** A share to four digits, at most one; the least for what is no number. */
function within(share: number, least: number): number {
  return share > least ? Math.min(1, Math.round(share * 1e4) / 1e4) : least
}

/** The enum of the dock is not there without a page. */
function isRow(orientation: string): boolean {
  return orientation === 'HORIZONTAL'
}
