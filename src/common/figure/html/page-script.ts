/** What a page of a figure runs: it says the value of what is pointed at. Of what is in the page it makes text alone. */
export const pageScript = `
'use strict'
const { grids, boxes, points } = JSON.parse(document.getElementById('spots').textContent)
const svg = document.querySelector('svg')
const tip = document.getElementById('tip')
const nearest = 12
const isIn = (box, x, y) =>
  x >= box.left && x < box.left + box.width && y >= box.top && y < box.top + box.height
function cellText(grid, x, y) {
  const along = grid.mirrored ? grid.left + grid.width - x : x - grid.left
  const column = Math.floor(grid.column + along / grid.cell)
  const row = Math.floor(grid.row + (y - grid.top) / grid.cell)
  if (row >= grid.size || column >= grid.size) return null
  const value = grid.values[row * grid.size + column]
  const named = (what, at) => what + ' ' + at + ' \\u2068' + (grid.labels[at] ?? '') + '\\u2069'
  return [named(grid.rows, row), named(grid.columns, column), value ?? 'no value'].join('\\n')
}
function textAt(x, y) {
  const grid = grids.find(own => isIn(own, x, y))
  if (grid) return cellText(grid, x, y)
  const box = boxes.find(own => isIn(own, x, y))
  if (box) return box.text
  let [best, least] = [null, nearest]
  for (const point of points) {
    const distance = Math.hypot(point.x - x, point.y - y)
    if (distance < least) [best, least] = [point, distance]
  }
  return best && best.text
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
export const pageScriptHash = 'sha256-mt9ugjUz4qjrLtGx/+AKcbvChrM8a5DtvvzB3YLLsjg='
