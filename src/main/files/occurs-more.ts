/** Whether a character of ASCII occurs more often than that: what is told of JSON by its commas before it is parsed. */
export function occursMore(bytes: Uint8Array, character: string, limit: number): boolean {
  if (bytes.length <= limit) return false
  const code = character.charCodeAt(0)
  let count = 0
  for (const byte of bytes) if (byte === code && ++count > limit) return true
  return false
}
