'use client'

import { useId, useState } from 'react'
import { Tabs } from '@/components/ui/tabs'
import { type AppName, appSteps } from './app-steps'

/** How to type a device's login into the apps people have. */
export function AppGuide() {
  const [app, setApp] = useState<AppName>('tivimate')
  const id = useId()
  const chosen = appSteps.find(one => one.value === app) ?? appSteps[0]
  return (
    <div className="flex flex-col gap-3">
      <h3 className="font-strong text-16">What to do in the app</h3>
      <Tabs label="Apps" id={id} tabs={appSteps} value={app} onChange={value => setApp(value as AppName)} />
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${app}`}>
        <ol className="flex max-w-2xl flex-col gap-3">
          {chosen.steps.map((step, index) => (
            <li key={step} className="flex gap-3 text-14">
              <span
                aria-hidden
                className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft font-strong text-12 text-accent tabular-nums"
              >
                {index + 1}
              </span>
              <span className="pt-0.5">{step}</span>
            </li>
          ))}
        </ol>
      </div>
    </div>
  )
}
