/** Rows as text in columns; numbers stand at the right. Control characters are shown by their code. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[]
): string {
  const cells = [headings, ...rows].map(row => row.map(cell => visible(String(cell))))
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

/** Text safe to print in a terminal: control and direction characters become `\n` or `\u202e`. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, character =>
    character === '\n'
      ? '\\n'
      : character === '\t'
        ? '\\t'
        : `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`
  )
}
