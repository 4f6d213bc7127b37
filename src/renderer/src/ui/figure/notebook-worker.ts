import { figureNotebook } from '#common/figure/notebook/notebook.ts'

/** What a notebook is made of. */
export type NotebookRequest = Parameters<typeof figureNotebook>

self.addEventListener('message', ({ data }: MessageEvent<NotebookRequest>) => {
  self.postMessage(figureNotebook(...data))
})
