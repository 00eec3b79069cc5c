'use client'

import { CircleCheck, CircleX, Copy, RotateCw } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { Button } from '@/components/ui/button'
import { ProgressBar } from '@/components/ui/progress-bar'
import { checkServer, checkStream, type Finding, printReport } from './diagnosis'
import { playbackApi } from './engine/playback-api'
import type { Player } from './engine/player'
import { PlayerSheet } from './player-sheet'
import { useScene } from './scene'

const icon = { 'aria-hidden': true, size: '1.25rem', strokeWidth: 1.75 } as const

function listFacts(player: Player): Record<string, string> {
  const { failure, session, phase, firstFrameMs } = player.getSnapshot()
  const figures = player.controls.figures()
  return {
    Time: new Date().toISOString(),
    Player: `${phase}${failure ? ` ${failure.code} ${failure.detail}` : ''}`,
    Decision: session?.decision.code ?? 'none',
    'First picture': firstFrameMs === null ? 'none' : `${firstFrameMs} ms`,
    Picture: figures ? `${figures.width} x ${figures.height}, ${figures.codecs || 'codecs unknown'}` : 'none',
    Frames: figures ? `${figures.droppedFrames} of ${figures.decodedFrames} dropped` : 'none',
    Browser: navigator.userAgent,
  }
}

function Line({ finding }: { finding: Finding }) {
  const good = finding.state === 'good'
  const Icon = good ? CircleCheck : CircleX
  return (
    <li className="flex gap-3 py-2">
      <Icon
        {...icon}
        aria-hidden={false}
        aria-label={good ? 'Good' : 'Not good'}
        className={`shrink-0 ${good ? 'text-accent' : 'text-danger'}`}
      />
      <span className="min-w-0">
        <span className="block font-strong">{finding.name}</span>
        <span className="block break-words text-14 text-muted">{finding.say}</span>
      </span>
    </li>
  )
}

/** Checks one thing after another and makes a report that can be sent to somebody. */
export function DiagnosisSheet() {
  const { player, itemId, from } = useScene()
  const [findings, setFindings] = useState<readonly Finding[]>([])
  const [running, setRunning] = useState(true)
  const [copied, setCopied] = useState(false)
  const check = useCallback(
    async (isOver: () => boolean) => {
      setFindings([])
      setRunning(true)
      const { session, phase } = player.getSnapshot()
      const running = phase === 'playing' || phase === 'buffering' || phase === 'paused' ? session : null
      for (const part of [checkServer, () => checkStream(playbackApi, { itemId, from }, running)]) {
        const more = await part()
        if (isOver()) return
        setFindings(before => [...before, ...more])
      }
      setRunning(false)
    },
    [player, itemId, from],
  )
  useEffect(() => {
    let over = false
    void check(() => over)
    return () => {
      over = true
    }
  }, [check])
  const copy = async () => {
    await navigator.clipboard.writeText(printReport(findings, listFacts(player)))
    setCopied(true)
  }
  const good = findings.every(({ state }) => state === 'good')
  return (
    <PlayerSheet title="Diagnosis" side="right">
      <div className="px-3">
        <p role="status" className="py-2 text-muted">
          {running ? 'Looking …' : good ? 'Everything is as it should be.' : 'This is what we found.'}
        </p>
        {running ? <ProgressBar label="Looking" /> : null}
        <ul>
          {findings.map(finding => (
            <Line key={finding.name} finding={finding} />
          ))}
        </ul>
        {running ? null : (
          <div className="flex flex-wrap gap-2 pt-4">
            <Button tone="primary" icon={<Copy {...icon} />} onClick={() => void copy().catch(() => {})}>
              {copied ? 'Copied' : 'Copy the report'}
            </Button>
            <Button icon={<RotateCw {...icon} />} onClick={() => void check(() => false)}>
              Look again
            </Button>
          </div>
        )}
        <p className="pt-4 text-14 text-faint">The report holds no addresses, names or passwords.</p>
      </div>
    </PlayerSheet>
  )
}
