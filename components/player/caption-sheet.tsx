'use client'

import { CheckLine } from '@/components/ui/check-line'
import type { CaptionStyle } from '@/lib/profiles/schema'
import { captionVariables, plainCaptions } from './caption-style'
import { ChoiceList } from './choice-list'
import { PlayerSheet } from './player-sheet'
import { setPreferences, usePreferences } from './preferences'

type Part = keyof CaptionStyle

const parts: readonly { part: Part; title: string; words: Readonly<Record<string, string>> }[] = [
  { part: 'size', title: 'Size', words: { small: 'Small', medium: 'Medium', large: 'Large', huge: 'Very large' } },
  { part: 'colour', title: 'Colour', words: { white: 'White', yellow: 'Yellow', green: 'Green', cyan: 'Light blue' } },
  { part: 'back', title: 'Background', words: { none: 'None', shade: 'Shade', solid: 'Black' } },
  { part: 'place', title: 'Place', words: { low: 'At the bottom', middle: 'Above the bottom', top: 'At the top' } },
]

/** How subtitles look, with a line to look at. */
export function CaptionSheet() {
  const { captions, replaySubtitles } = usePreferences()
  return (
    <PlayerSheet
      title="Subtitle style"
      side="right"
      head={
        <div
          aria-hidden
          style={captionVariables(captions)}
          className="mx-6 mt-2 flex h-24 shrink-0 items-center justify-center rounded-card bg-[linear-gradient(160deg,#4b6a7d,#20303a)]"
        >
          <span className="player-caption-sample">Like this</span>
        </div>
      }
    >
      {parts.map(({ part, title, words }) => (
        <ChoiceList
          key={part}
          title={title}
          choices={Object.entries(words).map(([key, label]) => ({
            key,
            label,
            active: (captions[part] ?? plainCaptions[part]) === key,
          }))}
          onPick={key => setPreferences({ captions: { ...captions, [part]: key } })}
        />
      ))}
      <div className="hairline-t mx-3 mt-4 pt-3">
        <CheckLine
          label="Subtitles after a rewind"
          checked={replaySubtitles}
          onChange={checked => setPreferences({ replaySubtitles: checked })}
        />
        <p className="text-14 text-faint">Ten seconds back to hear it again: they come by themselves and go again.</p>
      </div>
    </PlayerSheet>
  )
}
