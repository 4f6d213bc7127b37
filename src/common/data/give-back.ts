/** Gives the memory of an array back that nobody reads any more, at once: not when it is next collected. */
export function giveBack({ buffer }: ArrayBufferView): void {
  ;(buffer as ArrayBuffer).transfer(0)
}
