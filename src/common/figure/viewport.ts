/** Which part of a square matrix is on screen. */
export interface Viewport {
  /** Width and height of one cell, in CSS pixels. */
  readonly cell: number
  /** The cell at the top left, in cells; may lie inside one. */
  readonly row: number
  readonly column: number
}

/** What a viewport has to fit into. */
export interface Stage {
  /** Cells along each axis. */
  readonly size: number
  /** CSS pixels. */
  readonly width: number
  readonly height: number
  /** Device pixels per CSS pixel. */
  readonly ratio: number
}

/** Where the cells of a map are. */
export interface Placing {
  readonly view: Viewport
  readonly stage: Stage
  /** Keys run from right to left. */
  readonly mirrored: boolean
}

const largestCell = 96

/** Left edge of a column, in CSS pixels from the map's own left edge. */
export function columnLeft({ view, stage, mirrored }: Placing, column: number): number {
  const x = (column - view.column) * view.cell
  return mirrored ? mapWidth({ view, stage }) - x - view.cell : x
}

/** Width of what is shown of a map, in CSS pixels. */
export function mapWidth({ view, stage }: Omit<Placing, 'mirrored'>): number {
  return visibleCells(view, stage, 'width') * view.cell
}

/** Height of what is shown of a map, in CSS pixels. */
export function mapHeight({ view, stage }: Omit<Placing, 'mirrored'>): number {
  return visibleCells(view, stage, 'height') * view.cell
}

/** The whole matrix, as large as there is room; cells are whole device pixels wide where little is lost. */
export function fitted(stage: Stage): Viewport {
  return { cell: fittedCell(stage), row: 0, column: 0 }
}

/** Larger or smaller by a factor, the point (x, y) staying where it is. */
export function zoomed(
  view: Viewport,
  stage: Stage,
  factor: number,
  x: number,
  y: number
): Viewport {
  const smallest = fittedCell(stage)
  const cell = Math.min(Math.max(largestCell, smallest), Math.max(smallest, view.cell * factor))
  const shift = 1 / view.cell - 1 / cell
  return clamped({ cell, row: view.row + y * shift, column: view.column + x * shift }, stage)
}

/** Moved by CSS pixels, the way a drag moves the paper. */
export function panned(view: Viewport, stage: Stage, dx: number, dy: number): Viewport {
  return clamped(
    { ...view, row: view.row - dy / view.cell, column: view.column - dx / view.cell },
    stage
  )
}

/** Moved no further than needed to show one cell. */
export function revealing(view: Viewport, stage: Stage, row: number, column: number): Viewport {
  const rows = visibleCells(view, stage, 'height')
  const columns = visibleCells(view, stage, 'width')
  return clamped(
    {
      cell: view.cell,
      row: Math.min(row, Math.max(row + 1 - rows, view.row)),
      column: Math.min(column, Math.max(column + 1 - columns, view.column))
    },
    stage
  )
}

/** Cells along one side of what is on screen. */
export function visibleCells(view: Viewport, stage: Stage, side: 'width' | 'height'): number {
  return Math.min(stage.size, stage[side] / view.cell)
}

/** Within the matrix, and no smaller than fitted. */
export function clamped(view: Viewport, stage: Stage): Viewport {
  const cell = Math.max(view.cell, fittedCell(stage))
  const inside = { ...view, cell }
  return {
    cell,
    row: between(0, view.row, stage.size - visibleCells(inside, stage, 'height')),
    column: between(0, view.column, stage.size - visibleCells(inside, stage, 'width'))
  }
}

function fittedCell({ size, width, height, ratio }: Stage): number {
  return Math.min(largestCell, crisp(Math.max(1 / ratio, Math.min(width, height)) / size, ratio))
}

/** Whole pixels look crisper, but not at the price of a much smaller map. */
function crisp(cell: number, ratio: number): number {
  const device = cell * ratio
  const whole = Math.floor(device)
  return (whole / device > 0.94 ? whole : device) / ratio
}

/** Some of the cells of a matrix, from a row and a column on, so many of each; the first and the last may be parts of one. */
export interface Part {
  readonly row: number
  readonly column: number
  readonly rows: number
  readonly columns: number
}

/** What is shown of a map. */
export function partShown({ view, stage }: Omit<Placing, 'mirrored'>): Part {
  const { row, column } = view
  const [rows, columns] = [visibleCells(view, stage, 'height'), visibleCells(view, stage, 'width')]
  return { row, column, rows, columns }
}

/** A part as large as there is room, and nothing beside it. */
export function partPlaced(
  { row, column, rows, columns }: Part,
  stage: Stage
): Omit<Placing, 'mirrored'> {
  const cell = crisp(Math.min(stage.width / columns, stage.height / rows), stage.ratio)
  return {
    view: { cell, row, column },
    stage: { ...stage, width: columns * cell, height: rows * cell }
  }
}

function between(low: number, value: number, high: number): number {
  return Math.max(low, Math.min(Math.max(low, high), value))
}
