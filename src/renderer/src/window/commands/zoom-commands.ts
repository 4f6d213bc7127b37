import { useTabs } from '../../stores/tabs.ts'
import { useZooms, zoomStep } from '../../stores/zooms.ts'
import type { Command } from '../command.ts'

/** Looking more closely at the pictures of the focused tab. */
export function zoomCommands(): Command[] {
  const pictures = useZooms().of(useTabs().activeId ?? '')
  const group = 'Zoom'
  const any = () => pictures.length > 0
  const zoomedIn = () => pictures.some(({ zoomedIn }) => zoomedIn)
  const zoom = (factor: number) => () => {
    for (const picture of pictures) picture.zoomBy(factor)
  }
  return [
    {
      id: 'zoom.in',
      group,
      title: 'Zoom into the map',
      keys: ['+', '='],
      enabled: any,
      run: zoom(zoomStep)
    },
    {
      id: 'zoom.out',
      group,
      title: 'Zoom out of the map',
      keys: ['-'],
      enabled: zoomedIn,
      run: zoom(1 / zoomStep)
    },
    {
      id: 'zoom.fit',
      group,
      title: 'Fit the map: show all of it',
      keys: ['0'],
      enabled: zoomedIn,
      run() {
        for (const picture of pictures) picture.fit()
      }
    }
  ]
}
