/** Bytes as letters that go into any text. */
export function base64(bytes: Uint8Array): string {
  let binary = ''
  // In pieces: a call takes so many arguments and no more.
  for (let at = 0; at < bytes.length; at += 2 ** 15)
    binary += String.fromCharCode(...bytes.subarray(at, at + 2 ** 15))
  return btoa(binary)
}

/** The bytes of what {@link base64} wrote. @throws Error where it is none */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
}
