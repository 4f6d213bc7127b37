/** Bytes as an address that holds them. */
export function dataUrl(type: string, bytes: Uint8Array): string {
  let binary = ''
  // In pieces: a call takes so many arguments and no more.
  for (let at = 0; at < bytes.length; at += 2 ** 15)
    binary += String.fromCharCode(...bytes.subarray(at, at + 2 ** 15))
  return `data:${type};base64,${btoa(binary)}`
}
