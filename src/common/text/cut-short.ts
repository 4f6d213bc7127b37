/** A line of so many letters; of a longer one its beginning, with an ellipsis in place of what ends a sentence there. */
export function cutShort(line: string, most: number): string {
  const letters = [...line]
  if (letters.length <= most) return line
  return `${letters
    .slice(0, most)
    .join('')
    .replace(/[.…]+\s*$/, '')}…`
}
