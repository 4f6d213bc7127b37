/** Where a saved file is. */
export const savedWhere = window.lamella ? 'where you choose' : 'in the downloads of the browser'

/** Hands a file to the browser or to Electron, which ask where it goes. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  // The download has begun by then; the address is of no more use.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
