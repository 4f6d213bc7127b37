/**
 * A text as it is in a file, without what belongs to the file: a byte-order mark at its start and carriage returns before line
 * feeds, neither of which models were shown.
 * @param isStart whether it is from the start of the file
 */
export function plainText(text: string, isStart = true): string {
  const unmarked = isStart && text.startsWith('\ufeff') ? text.slice(1) : text
  return unmarked.replaceAll('\r\n', '\n')
}
