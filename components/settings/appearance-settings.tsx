'use client'

import { Check, Contrast, Monitor, Moon, Sun } from 'lucide-react'
import { useEffect, useState } from 'react'
import { DensitySwitch } from '@/components/catalogue/density-switch'
import { chooseTheme, readTheme, type Theme } from '@/components/shell/theme'

const looks: readonly { value: Theme; label: string; Icon: typeof Moon }[] = [
  { value: 'dark', label: 'Dark', Icon: Moon },
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'contrast', label: 'High contrast', Icon: Contrast },
  { value: 'system', label: 'Like this device', Icon: Monitor },
]

export function AppearanceSettings() {
  const [theme, setTheme] = useState<Theme>('dark')
  // The page carries the theme from the server; this control only reads it after it has arrived.
  useEffect(() => setTheme(readTheme(document.documentElement.dataset.theme) ?? 'dark'), [])
  return (
    <div className="flex flex-col gap-6">
      <fieldset>
        <legend className="mb-2 font-strong text-14">Theme</legend>
        <div className="grid grid-cols-2 gap-2 sm:grid-cols-4">
          {looks.map(({ value, label, Icon }) => (
            <label
              key={value}
              className={`relative flex h-24 flex-col items-center justify-center gap-2 rounded-card border text-14 transition-colors duration-120 has-focus-visible:outline-3 has-focus-visible:outline-accent has-focus-visible:outline-offset-2 ${theme === value ? 'border-accent bg-accent-soft font-strong' : 'border-line-strong text-muted hover:bg-fill'}`}
            >
              <input
                type="radio"
                name="theme"
                value={value}
                checked={theme === value}
                onChange={() => {
                  setTheme(value)
                  chooseTheme(value)
                }}
                className="absolute inset-0 size-full cursor-pointer opacity-0"
              />
              <Icon aria-hidden size="1.5rem" strokeWidth={1.75} />
              {label}
              {theme === value ? <Check aria-hidden size="1rem" className="absolute top-2 right-2 text-accent" /> : null}
            </label>
          ))}
        </div>
      </fieldset>
      <div className="flex items-center justify-between gap-4">
        <span className="font-strong text-14">Channel list</span>
        <DensitySwitch />
      </div>
    </div>
  )
}
