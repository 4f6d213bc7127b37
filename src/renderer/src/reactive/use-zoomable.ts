import { onScopeDispose } from 'vue'
import { useZooms, type Zoomable } from '../stores/zooms.ts'
import { useTabId } from './use-view-options.ts'

/** Has a picture be zoomed by keys and buttons of the tab that it is in. */
export function useZoomable(picture: Zoomable): void {
  onScopeDispose(useZooms().add(useTabId()(), picture))
}
