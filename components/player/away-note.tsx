'use client'

import { PictureInPicture2 } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { closePictureWindow } from './picture-window'

/** What stands in the page while the picture is in a window of its own. */
export function AwayNote() {
  return (
    <div className="absolute inset-0 z-10 flex flex-col items-center justify-center gap-5 bg-canvas">
      <PictureInPicture2 aria-hidden size="3rem" strokeWidth={1.25} className="text-faint" />
      <p className="text-muted">The picture is in its own small window.</p>
      <Button tone="primary" onClick={closePictureWindow}>
        Bring it back
      </Button>
    </div>
  )
}
