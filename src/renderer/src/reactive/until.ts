import { watch } from 'vue'

/** Done once something is so. */
export function until(condition: () => boolean): Promise<void> {
  if (condition()) return Promise.resolve()
  return new Promise(resolve => {
    const stop = watch(condition, isSo => {
      if (!isSo) return
      stop()
      resolve()
    })
  })
}
