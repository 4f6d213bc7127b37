import { unseenSign } from '#common/text/visible-text.ts'
import { shortText } from './short-text.ts'

/**
 * Rows as text in columns; numbers stand at the right. Control characters are shown by their code, spaces at the ends of a
 * cell as `·`, and of a long cell its beginning and how long it is: each other is padded to the longest.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[]
): string {
  const cells = [headings, ...rows].map(row => row.map(cell => withEnds(shortText(String(cell)))))
  const widths = headings.map((_, column) =>
    cells.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0)
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

/** A token may be a space and nothing else. */
function withEnds(cell: string): string {
  return cell.replace(/^\p{Zs}+|\p{Zs}+$/gu, spaces =>
    spaces.replace(/./gu, space => (space === ' ' ? '·' : unseenSign(space)))
  )
}
