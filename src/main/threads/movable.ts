/** The buffer of an array that fills it: it may leave, where another array would lose its part. */
export function movable({ buffer, byteLength }: ArrayBufferView): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : []
}
