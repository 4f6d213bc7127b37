/** The rows of a CSV file's table, its headings first, once it has said before it where it comes from. */
export function csvRows(text: string): string[] {
  const lines = text.trim().split('\r\n')
  const table = lines.findIndex(line => !line.startsWith('# '))
  if (!lines.slice(0, table).some(line => line.startsWith('# from: Model: ')))
    throw new Error(`a file of CSV does not say what it is of: ${text.slice(0, 400)}`)
  return lines.slice(table)
}
