/** What a page of a figure runs: it says the value of what is pointed at. Of what is in the page it makes text alone. */
export const pageScript = `
'use strict'
const { grids, boxes, points, lines, left } = JSON.parse(document.getElementById('spots').textContent)
const svg = document.querySelector('svg')
const tip = document.getElementById('tip')
const note = document.getElementById('left')
note.textContent = left
note.hidden = left === ''
const [nearest, touched] = [12, 3]
const isIn = (box, x, y) =>
  x >= box.left && x < box.left + box.width && y >= box.top && y < box.top + box.height
function named({ name, first, each, end, labels, numbered }, at) {
  const from = Math.floor(first + at * each + 1e-6)
  const last = Math.min(end, Math.max(from + 1, Math.ceil(first + (at + 1) * each - 1e-6))) - 1
  const label = labels[at] === undefined ? '' : ' \\u2068' + labels[at] + '\\u2069'
  return name + (numbered ? ' ' + from + (last > from ? '\\u2013' + last : '') : '') + label
}
function cellText(grid, x, y) {
  const along = grid.mirrored ? grid.left + grid.width - x : x - grid.left
  const column = Math.floor(grid.column + along / grid.cell.width)
  const row = Math.floor(grid.row + (y - grid.top) / grid.cell.height)
  if (row >= grid.rows.count || column >= grid.columns.count) return null
  const value = grid.values[row * grid.columns.count + column]
  const said = value === null ? 'no value' : String(value).replaceAll('-', '\\u2212')
  const names = named(grid.rows, row) + '\\n' + named(grid.columns, column)
  return grid.of + names + '\\n' + grid.value + said
}
function toLine(points, x, y) {
  let least = Infinity
  for (let i = 1; i < points.length; i++) {
    const [[fromX, fromY], [toX, toY]] = [points[i - 1], points[i]]
    const [wide, high] = [toX - fromX, toY - fromY]
    const along = ((x - fromX) * wide + (y - fromY) * high) / (wide * wide + high * high || 1)
    const share = Math.max(0, Math.min(1, along))
    least = Math.min(least, Math.hypot(fromX + share * wide - x, fromY + share * high - y))
  }
  return least
}
function nearBy(x, y) {
  let [best, least] = [null, nearest]
  const see = (spot, distance) => {
    if (distance < least) [best, least] = [spot, distance]
  }
  for (const point of points) see(point, Math.hypot(point.x - x, point.y - y))
  for (const line of lines) see(line, toLine(line.points, x, y))
  return { best, least }
}
function textAt(x, y) {
  const grid = grids.find(own => isIn(own, x, y))
  if (grid) return cellText(grid, x, y)
  const { best, least } = nearBy(x, y)
  if (best && least <= touched) return best.text
  const box = boxes.findLast(own => isIn(own, x, y))
  return box ? box.text : best && best.text
}
svg.addEventListener('pointermove', event => {
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(
    svg.getScreenCTM().inverse()
  )
  const text = textAt(x, y)
  tip.hidden = text === null
  tip.textContent = text
  const room = tip.getBoundingClientRect()
  tip.style.left = Math.max(0, Math.min(event.clientX + 14, innerWidth - room.width - 4)) + 'px'
  tip.style.top = Math.max(0, Math.min(event.clientY + 14, innerHeight - room.height - 4)) + 'px'
})
svg.addEventListener('pointerleave', () => (tip.hidden = true))
`

/** SHA-256 of the script, as a page's policy names it; a test tells the next one when the script is changed. */
export const pageScriptHash = 'sha256-cPTOKbaD42nKoMXSTbiMaVrBCKfUqL8N1H7gWGW77hw='
