import { panelNumbers } from '#common/figure/panels/panel-numbers.ts'

/** A figure, and all numbers of its view. */
export type PanelNumbersRequest = Parameters<typeof panelNumbers>

self.addEventListener('message', ({ data }: MessageEvent<PanelNumbersRequest>) => {
  self.postMessage(panelNumbers(...data))
})
