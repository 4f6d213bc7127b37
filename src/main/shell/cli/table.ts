import { visibleText } from '#common/text/visible-text.ts'

/** Rows as text in columns; numbers stand at the right. Control characters are shown by their code. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[]
): string {
  const cells = [headings, ...rows].map(row => row.map(cell => visibleText(String(cell))))
  const widths = headings.map((_, column) =>
    Math.max(...cells.map(row => (row[column] ?? '').length))
  )
  const numeric = headings.map(
    (_, column) => rows.length > 0 && rows.every(row => typeof row[column] === 'number')
  )
  return cells
    .map(row =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return numeric[column] ? cell.padStart(width) : cell.padEnd(width)
        })
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}
