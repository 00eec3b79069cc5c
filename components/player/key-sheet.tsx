'use client'

import { RotateCcw } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { bindKey, findConflict, isFree, keysOf, listBindable } from './key-bindings'
import { nameKey, nameKeys } from './key-names'
import type { PlayerAction } from './keymap'
import { PlayerSheet } from './player-sheet'
import { setPreferences, usePreferences } from './preferences'
import { readKey } from './read-key'
import { useHasGamepad } from './use-gamepad'

interface Wish {
  action: PlayerAction
  key: string
  /** What the key means now. */
  conflict: PlayerAction
}

const sayAction = (action: PlayerAction): string => listBindable().find(one => one.action === action)?.say ?? action

function Caps({ names, waiting }: { names: readonly string[]; waiting: boolean }) {
  if (waiting) return <span className="text-accent">Press a key …</span>
  if (names.length === 0) return <span className="text-faint">none</span>
  return names.map(name => (
    <kbd key={name} className="min-w-7 rounded-cell bg-white/10 px-2 py-0.5 text-center font-sans font-strong text-12">
      {name}
    </kbd>
  ))
}

function ConflictNote({ wish, onTake, onKeep }: { wish: Wish; onTake: () => void; onKeep: () => void }) {
  return (
    <div role="alert" className="mx-3 my-2 rounded-card bg-white/8 p-4">
      <p>
        {nameKey(wish.key) || 'That button'} already means “{sayAction(wish.conflict)}”.
      </p>
      <div className="mt-3 flex gap-2">
        <Button size="small" tone="primary" autoFocus onClick={onTake}>
          Use it here
        </Button>
        <Button size="small" tone="quiet" onClick={onKeep}>
          Leave it
        </Button>
      </div>
    </div>
  )
}

/** Held beside a key they are no key yet. */
const modifiers = new Set(['Shift', 'Control', 'Alt', 'Meta'])

/** Every key of the player, to be given another. Kept for this profile on this device. */
export function KeySheet() {
  const { keys } = usePreferences()
  const hasPad = useHasGamepad()
  const [waiting, setWaiting] = useState<PlayerAction | null>(null)
  const [wish, setWish] = useState<Wish | null>(null)
  const [note, setNote] = useState('')
  const take = (action: PlayerAction, key: string) => {
    setPreferences({ keys: bindKey(keys, action, key) })
    setWish(null)
    setNote(`${sayAction(action)} is on ${nameKey(key) || 'that button'} now.`)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (waiting === null || modifiers.has(event.key)) return
    event.preventDefault()
    const action = waiting
    const key = readKey(event.nativeEvent)
    setWaiting(null)
    if (key === 'Escape' || key === 'GoBack') return
    if (!isFree(key)) return setNote(`${nameKey(key) || 'That key'} has to stay as it is.`)
    const conflict = findConflict(action, key, keys)
    if (conflict === null) take(action, key)
    else setWish({ action, key, conflict })
  }
  return (
    <PlayerSheet title="Keys" side="right">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: catches the key that one of its buttons waits for */}
      <div onKeyDown={onKeyDown}>
        <p role="status" className="min-h-10 px-3 text-14 text-muted">
          {note || 'Choose a line, then press the key, or the button of a gamepad, that it should have.'}
        </p>
        {listBindable().map(({ action, say }) => (
          <div key={action}>
            <button
              type="button"
              aria-pressed={waiting === action}
              onClick={() => {
                setWish(null)
                setWaiting(waiting === action ? null : action)
              }}
              className="flex min-h-11 w-full items-center justify-between gap-4 rounded-cell px-3 py-1 text-left text-14 hover:bg-white/10 focus-visible:bg-white/10 focus-visible:outline-offset-[-3px]"
            >
              <span className={keys[action] ? 'font-strong' : 'text-muted'}>{say}</span>
              <span className="flex shrink-0 flex-wrap justify-end gap-1.5">
                <Caps names={nameKeys({ keys: keysOf(action, keys) }, hasPad)} waiting={waiting === action} />
              </span>
            </button>
            {wish?.action === action ? (
              <ConflictNote wish={wish} onTake={() => take(wish.action, wish.key)} onKeep={() => setWish(null)} />
            ) : null}
          </div>
        ))}
        <p className="px-3 pt-4 text-14 text-faint">
          Digits choose a channel or a part of a film. OK, Back, the arrows and Ctrl K always stay as they are, so that there is a
          way out of everything.
        </p>
        <div className="px-3 pt-4">
          <Button
            icon={<RotateCcw aria-hidden size="1.125rem" strokeWidth={1.75} />}
            onClick={() => {
              setPreferences({ keys: {} })
              setNote('All keys are as they were at first.')
            }}
          >
            Reset all keys
          </Button>
        </div>
      </div>
    </PlayerSheet>
  )
}
