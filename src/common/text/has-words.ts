/** Tells of a text whether it has every word of a query in it, whatever their case; of any where there is no word. */
export function hasWordsOf(query: string): (text: string) => boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return text => {
    const told = text.toLowerCase()
    return words.every(word => told.includes(word))
  }
}
