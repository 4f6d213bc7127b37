import type { DockviewApi, IDockviewPanel } from 'dockview-vue'

type Side = 'left' | 'right' | 'above' | 'below'
type Group = DockviewApi['groups'][number]
type Box = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom' | 'width' | 'height'>

/** Where a tab stands, so that it can be put back there. */
export interface Standing {
  readonly groupId: string
  readonly index: number
  /** What its split was beside, where it was alone in it. */
  readonly split: { readonly besideId: string; readonly side: Side; readonly size: Box } | null
  /** Where it floated; null where it did not. */
  readonly floated: Box | null
}

/** Where a tab stands now. */
export function standingOf(dock: DockviewApi, panel: IDockviewPanel): Standing {
  const { group } = panel
  const own = group.element.getBoundingClientRect()
  const alone = group.panels.length === 1
  const floats = alone && group.api.location.type === 'floating'
  const float = floats ? group.element.closest('.dv-resize-container') : null
  const host = document.querySelector('.lamella-dock-host')?.getBoundingClientRect()
  return {
    groupId: group.id,
    index: group.panels.indexOf(panel),
    split: alone && !floats ? neighbour(dock, group, own) : null,
    floated: float && host ? within(float.getBoundingClientRect(), host) : null
  }
}

/** Puts a tab back where it stood; false where there is no such place any more. */
export function putBack(dock: DockviewApi, id: string, standing: Standing): boolean {
  const { groupId, index, split, floated } = standing
  const panel = { id, component: 'view' }
  if (dock.getGroup(groupId)) {
    dock.addPanel({ ...panel, position: { referenceGroup: groupId, index } })
    return true
  }
  if (floated) {
    const { left, top, width, height } = floated
    dock.addPanel({ ...panel, floating: { x: left, y: top, width, height } })
    return true
  }
  if (split === null || !dock.getGroup(split.besideId)) return false
  const { width, height } = split.size
  const added = dock.addPanel({
    ...panel,
    position: { referenceGroup: split.besideId, direction: split.side }
  })
  const across = split.side === 'left' || split.side === 'right'
  added.api.setSize(across ? { width } : { height })
  return true
}

/** The group that shares the longest border with one, and on which side of it that one stands. */
function neighbour(dock: DockviewApi, group: Group, own: Box): Standing['split'] {
  let best: { besideId: string; side: Side; shared: number } | null = null
  for (const other of dock.groups) {
    if (other.id === group.id || other.api.location.type !== 'grid') continue
    const box = other.element.getBoundingClientRect()
    const across = Math.min(own.bottom, box.bottom) - Math.max(own.top, box.top)
    const along = Math.min(own.right, box.right) - Math.max(own.left, box.left)
    const sides: readonly [Side, number, number][] = [
      ['right', Math.abs(own.left - box.right), across],
      ['left', Math.abs(own.right - box.left), across],
      ['below', Math.abs(own.top - box.bottom), along],
      ['above', Math.abs(own.bottom - box.top), along]
    ]
    for (const [side, distance, shared] of sides)
      if (distance < 12 && shared > (best?.shared ?? 0)) best = { besideId: other.id, side, shared }
  }
  return best && { besideId: best.besideId, side: best.side, size: own }
}

function within(box: Box, host: Box): Box {
  const { width, height } = box
  const left = box.left - host.left
  const top = box.top - host.top
  return { left, top, right: left + width, bottom: top + height, width, height }
}
